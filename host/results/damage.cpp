#include "host/results/damage.hpp"

#include "host/results/order_reader.hpp"

namespace gridqueue {
namespace {

void check_upgrades(const h5::File& file, const Upgrades& upgrades, std::size_t elements) {
  for (const Upgrade& u : upgrades) {
    need(u.element.valid() && u.element.index() < elements, file, "an upgrade names element {} of {}", u.element.value,
         elements);
    check_number(file, "usd", u.usd);
  }
}

bool within(const UnitSet& set, const UnitSet& all) {
  for (std::size_t w = 0; w < set.word.size(); ++w)
    if (set.word[w] & ~all.word[w]) return false;
  return true;
}

}  // namespace

void check_upgrade_sets(const h5::File& file, const std::vector<Upgrades>& sets) {
  const std::size_t elements = file.shape("element/name").at(0);
  for (const Upgrades& set : sets) check_upgrades(file, set, elements);
}

void check_walk(const h5::File& file, const Decisions& r, std::size_t units) {
  const std::size_t elements = file.shape("element/name").at(0);
  check_upgrade_sets(file, r.upgrade_sets);
  need(units <= kMaxUnits, file, "{} units", units);
  UnitSet all;
  for (std::size_t u = 0; u < units; ++u) all.add(UnitId(u));
  for (const State& s : r.states)
    need(s.upgrades.valid() && s.upgrades.index() < r.upgrade_sets.size() && within(s.considered, all) &&
             within(s.in, all),
         file, "a state of '/state' names units or upgrades that are not there");
  for (const Step& s : r.steps) {
    need(s.from.valid() && s.from.index() < r.states.size() && s.to.valid() && s.to.index() < r.states.size() &&
             s.unit.valid() && s.unit.index() < units && s.decision <= Decision::reject,
         file, "a step of '/step' names states, a unit or a decision that are not there");
    const State &from = r.states[s.from.index()], &to = r.states[s.to.index()];
    need(!from.considered.has(s.unit) && to.considered == from.considered.with(s.unit), file,
         "a step of '/step' does not lead from its state to the next one");
    check_number(file, "step/cost_usd", s.cost_usd);
    check_upgrades(file, s.built, elements);
  }
}

}  // namespace gridqueue

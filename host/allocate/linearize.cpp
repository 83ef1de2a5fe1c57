// From traced days to the sensitivities of every row that can bind.

#include <algorithm>
#include <cmath>
#include <set>

#include "gridqueue/contracts.hpp"
#include "host/allocate/feeder_lp.hpp"
#include "host/core/parallel.hpp"
#include "kernels/ac/quantities.hpp"

namespace gridqueue {
namespace {

//! Step of a unit's difference quotient: 1 %, at least 1 kW, 1e4 times the solver's error. Where a tap moves across it,
//! a smaller one, downwards and upwards.
constexpr double kRelativeStep = 0.01, kSmallestStepKw = 1, kStepParts[] = {1, 1. / 16, -1. / 16};

class Linearizer {
 public:
  Linearizer(Evaluator& evaluator, const FeederLpQuery& query, std::vector<BusId> candidates)
      : ev_(evaluator), net_(evaluator.network()), query_(query), candidates_(std::move(candidates)),
        meter_(net_, evaluator.options().upgrade_factor), pass_(evaluator.thresholds()) {
    check_feeder();
    built_.assign(net_.buses.size(), 0);
    for (BusId line : query_.built) built_[line.index()] = 1;
    point_ = day(-1, 0, built_);
  }

  std::vector<SensitivityRow> rows() {
    choose_probes();
    for (std::size_t i = 0; i < query_.units.size(); ++i) differentiate_unit(i);
    for (std::size_t e = 0; e < candidates_.size(); ++e) differentiate_line(e);
    std::erase_if(rows_, [&](const SensitivityRow& r) { return !can_bind(r); });
    return std::move(rows_);
  }

 private:
  //! What a DayMeter cannot read from voltages.
  void check_feeder() const {
    for (LimitBit bit : {limit_reverse_power, limit_unbalance})
      if (judged(ev_.options().limits, bit))
        fail_input("the constraint matrix has no rows of the limit '{}'; leave the rule constraint-matrix out",
                   limit_info(bit).name);
    if (net_.days.size() > 1)
      fail_input("the constraint matrix knows one day, not {}; leave the rule constraint-matrix out", net_.days.size());
    for (const Bus& b : net_.buses) {
      if (b.inner)
        fail_input(
            "the constraint matrix does not know transformers with windings at three buses ('{}'); leave the rule "
            "constraint-matrix out",
            b.name);
      if (neutral_nodes(b) != 0)
        fail_input(
            "the constraint matrix cannot tell a neutral from phases (bus '{}'); leave the rule constraint-matrix out",
            b.name);
      if (judged_between_phases(b))
        fail_input(
            "the constraint matrix cannot follow voltages between phases (bus '{}' is a delta); leave the rule "
            "constraint-matrix out",
            b.name);
      if (!b.branch.elements.empty())
        fail_input(
            "the constraint matrix cannot tell apart elements side by side ('{}'); leave the rule "
            "constraint-matrix out",
            b.branch.name);
    }
  }

  //! The day with unit `changed` (-1: none) at its size minus `less` kW.
  MeteredDay day(std::int64_t changed, double less, const std::vector<char>& upgraded) {
    StateBatch s;
    s.upgrade_sets[0].clear();
    for (std::size_t b = 0; b < upgraded.size(); ++b)
      if (upgraded[b]) s.upgrade_sets[0].emplace_back(BusId(b));
    for (std::size_t i = 0; i < query_.units.size(); ++i)
      if (const double kw = query_.units[i].kw; kw > 0)
        s.add_der(query_.units[i].site, kw - (static_cast<std::int64_t>(i) == changed ? less : 0));
    s.finish_state(UpgradeSetId(0));
    MeteredDay d{ev_.trace(s), upgraded};
    if (d.trace.unsolved)
      fail(ExitCode::numerics, "the power flow of a state with all {} units {}; the feeder cannot be linearized there",
           query_.units.size(), describe(net_, *d.trace.unsolved));
    return d;
  }

  //! Which steps matter at a place: its worst with the built lines, with none and with all candidates.
  void choose_probes() {
    std::vector<char> none(net_.buses.size(), 0), all = built_;
    for (BusId line : candidates_) all[line.index()] = 1;
    for (const MeteredDay& d : {point_, day(-1, 0, none), day(-1, 0, all)}) {
      voltage_change_probes(d);
      for (std::size_t n = 0; n < meter_.num_nodes(); ++n) {
        const bool low = low_voltage(net_.buses[meter_.bus_of_node(n).index()]);
        add_extreme(d, low ? limit_lv_vmax : limit_vmax, n, 1, 0);
        add_extreme(d, low ? limit_lv_vmin : limit_vmin, n, -1, 0);
      }
      for (std::size_t b = 1; b < net_.buses.size(); ++b) {
        if (net_.buses[b].branch.emergency_amps > 0) add_extreme(d, limit_emergency, b, 1, 0);
        // The hours above the normal rating stay within their limit if the first step beyond them is below it.
        if (net_.buses[b].branch.normal_amps > 0) add_extreme(d, limit_normal_hours, b, 1, allowed_steps(b));
      }
    }
  }

  [[nodiscard]] std::size_t allowed_steps(std::size_t branch) const {
    return static_cast<std::size_t>(std::floor(pass_[limit_normal_hours].pass(branch) * 3600 / net_.step_s));
  }

  void voltage_change_probes(const MeteredDay& d) {
    std::set<std::size_t> monitored;
    for (BusId b : ev_.options().monitors.buses) monitored.insert(b.index());
    for (const Unit& u : query_.units)
      if (u.kw > 0) monitored.insert(u.site.bus.index());
    for (const Recloser& r : net_.reclosers) monitored.insert(r.bus.index());
    for (std::size_t b : monitored) {
      Probe worst{limit_vdiff, b, 1, 1};
      double largest = -1;
      for (int k = 1; k < static_cast<int>(net_.num_steps()); ++k) {
        const double x = meter_.value(d, point_, {limit_vdiff, b, k, 1});
        if (std::abs(x) <= largest) continue;
        largest = std::abs(x);
        worst = {limit_vdiff, b, k, x < 0 ? -1.0 : 1.0};
      }
      add(worst);
    }
  }

  //! The step with the largest sign * value, after `skip` larger ones.
  void add_extreme(const MeteredDay& d, LimitBit limit, std::size_t place, double sign, std::size_t skip) {
    if (skip >= net_.num_steps()) return;
    std::vector<std::pair<double, int>> order;
    for (int k = 0; k < static_cast<int>(net_.num_steps()); ++k)
      order.emplace_back(-sign * meter_.value(d, point_, {limit, place, k, 1}), k);
    std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(skip), order.end());
    add({limit, place, order[skip].second, 1});
  }

  void add(const Probe& probe) {
    if (std::any_of(rows_.begin(), rows_.end(), [&](const SensitivityRow& r) { return r.probe == probe; })) return;
    SensitivityRow r{probe, "", meter_.value(point_, point_, probe), bound(probe), {}, {}};
    r.name = fmt::format("{} at {}, step {}", limit_info(probe.limit).name, place_name(probe), probe.step);
    if (probe.limit == limit_vdiff && probe.sign < 0) r.name += " (fall)";
    r.per_kw.assign(query_.units.size(), 0);
    r.per_line.assign(candidates_.size(), 0);
    rows_.push_back(std::move(r));
  }

  [[nodiscard]] std::string place_name(const Probe& p) const {
    if (p.limit == limit_vdiff) return net_.buses[p.place].name;
    return limit_info(p.limit).kind == PlaceKind::node ? meter_.node_name(p.place) : net_.buses[p.place].branch.name;
  }

  //! Of the hours it is the normal rating itself: they are in the choice of the step.
  [[nodiscard]] double bound(const Probe& p) const {
    return p.limit == limit_normal_hours ? 100 : pass_[p.limit].pass(p.place);
  }

  //! Every row takes the first step across which no tap moves at its time, else the first of all: what remains of a
  //! tap's move when taps are held is small, but no effect of a few kW, and may outweigh and turn around theirs.
  void differentiate_unit(std::size_t i) {
    if (query_.units[i].kw == 0) return;
    const double whole = std::min(query_.units[i].kw, std::max(kSmallestStepKw, kRelativeStep * query_.units[i].kw));
    std::vector<SensitivityRow*> open;
    for (SensitivityRow& r : rows_) open.push_back(&r);
    for (const double part : kStepParts) {
      if (open.empty()) return;
      const MeteredDay other = day(static_cast<std::int64_t>(i), part * whole, built_);
      std::erase_if(open, [&](SensitivityRow* r) {
        const bool held = same_taps(other, r->probe);
        if (held || part == 1) r->per_kw[i] = (r->value - meter_.value(other, point_, r->probe)) / (part * whole);
        return held;
      });
    }
  }

  //! As in the point, at the time that the probe looks at.
  [[nodiscard]] bool same_taps(const MeteredDay& d, const Probe& p) const {
    const auto regulators = static_cast<std::ptrdiff_t>(net_.regulators.size());
    const std::ptrdiff_t end = (p.step + 1) * regulators, begin = end - (p.limit == limit_vdiff ? 2 : 1) * regulators;
    return std::equal(d.trace.tap.begin() + begin, d.trace.tap.begin() + end, point_.trace.tap.begin() + begin);
  }

  void differentiate_line(std::size_t e) {
    std::vector<char> other = built_;
    char& here = other[candidates_[e].index()];
    here = here ? 0 : 1;
    const MeteredDay d = day(-1, 0, other);
    for (SensitivityRow& r : rows_) {
      const double change = meter_.value(d, point_, r.probe) - r.value;
      r.per_line[e] = here ? change : -change;
    }
  }

  //! Is there a u in the box that takes the row beyond its bound?
  [[nodiscard]] bool can_bind(const SensitivityRow& r) const {
    const double side = limit_info(r.probe.limit).sign;
    double worst = side * (r.value - r.bound);
    for (std::size_t e = 0; e < candidates_.size(); ++e)
      worst += std::max(0.0, (built_[candidates_[e].index()] ? -1 : 1) * side * r.per_line[e]);
    return worst > 0;
  }

  Evaluator& ev_;
  const Network& net_;
  const FeederLpQuery& query_;
  std::vector<BusId> candidates_;
  DayMeter meter_;
  const Thresholds& pass_;
  std::vector<char> built_;  //!< [buses]
  MeteredDay point_;
  std::vector<SensitivityRow> rows_;
};

FeederLp linearize(Evaluator& evaluator, const FeederLpQuery& query) {
  GQ_EXPECT(evaluator.options().precision == Precision::dual);
  FeederLp lp;
  lp.candidates = query.candidates.empty() ? default_candidates(evaluator.network(), query) : query.candidates;
  for (BusId e : lp.candidates)
    lp.built.push_back(std::find(query.built.begin(), query.built.end(), e) != query.built.end() ? 1 : 0);
  lp.rows = Linearizer(evaluator, query, lp.candidates).rows();
  lp.program = feeder_program(evaluator.network(), query, lp);
  return lp;
}

}  // namespace

std::vector<BusId> default_candidates(const Network& network, const FeederLpQuery& query) {
  std::set<BusId> lines(query.built.begin(), query.built.end());
  for (const Unit& u : query.units)
    for (BusId b = u.site.bus; b.valid(); b = network.buses[b.index()].parent)
      if (network.buses[b.index()].branch.upgradable) lines.insert(b);
  return {lines.begin(), lines.end()};
}

FeederLp linearize_feeder(Evaluator& evaluator, const FeederLpQuery& query) { return linearize(evaluator, query); }

std::vector<LinearizedFeeder> linearize_feeders(Evaluator& evaluator, const std::vector<FeederLpQuery>& queries) {
  std::vector<LinearizedFeeder> all(queries.size());
  for_each_parallel(queries.size(), evaluator.options().threads, [&](std::size_t i) {
    try {
      all[i].lp = linearize(evaluator, queries[i]);
    } catch (const Error& e) {
      all[i].failed = e.what();
    }
  });
  return all;
}

}  // namespace gridqueue

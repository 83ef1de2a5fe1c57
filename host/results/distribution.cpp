#include "host/results/distribution.hpp"

#include <algorithm>

#include "host/results/damage.hpp"
#include "host/results/group.hpp"

namespace gridqueue {
namespace {

//! A number per unit and position, or per unit and other unit.
struct UnitMatrix {
  const char *name, *across, *unit, *meaning;
  std::vector<double> UnitDistribution::*row;
};
constexpr UnitMatrix kMatrices[] = {
    {"mean_by_position", "position", "USD", "mean cost given the position in the queue; NaN = no order has it there",
     &UnitDistribution::mean_by_position},
    {"trigger_by_position", "position", "1", "probability of triggering given the position",
     &UnitDistribution::trigger_by_position},
    {"mean_after", "other_unit", "USD", "mean cost given that the other unit comes before",
     &UnitDistribution::mean_after}};

constexpr std::size_t kWords = kMaxUnits / 64;

void put_matrices(Group& g, const std::vector<UnitDistribution>& units) {
  const std::size_t n = units.size();
  for (const char* dimension : {"unit", "position", "other_unit"}) g.dimension(dimension, n);
  for (const UnitMatrix& m : kMatrices) {
    std::vector<double> values;
    for (const UnitDistribution& u : units) values.insert(values.end(), (u.*m.row).begin(), (u.*m.row).end());
    g.put(m.name, values, {n, n}, {"unit", m.across}, m.unit, m.meaning);
  }
}

void put_ends(Group& g, const OrderDistribution& d) {
  std::vector<std::int64_t> set;
  std::vector<double> set_probability, rejected_probability;
  std::vector<std::uint64_t> rejected;
  for (const auto& [id, p] : d.upgrades) set.push_back(id.value), set_probability.push_back(p);
  for (const auto& [units, p] : d.rejected) {
    rejected.insert(rejected.end(), units.word.begin(), units.word.end());
    rejected_probability.push_back(p);
  }
  g.dimension("final_set", set.size());
  g.dimension("rejection", rejected_probability.size());
  g.dimension("word", kWords);
  g.put("final_upgrade_set", set, {set.size()}, {"final_set"}, "1", "row of /upgrade_set that an order may end with");
  g.put("final_probability", set_probability, {set.size()}, {"final_set"}, "1", "its probability");
  g.put("rejected_units", rejected, {rejected_probability.size(), kWords}, {"rejection", "word"}, "1",
        "bits of the units rejected in the end");
  g.put("rejected_probability", rejected_probability, {rejected_probability.size()}, {"rejection"}, "1",
        "its probability");
}

}  // namespace

void write_distribution(h5::File& file, const OrderDistribution& d) {
  file.remove("distribution");
  Group g(file, "distribution");
  put_matrices(g, d.units);
  put_ends(g, d);
  g.dimension("number", d.triggers.size());
  g.put("triggers_probability", d.triggers, {d.triggers.size()}, {"number"}, "1",
        "probability of that many triggers in an order");
  if (d.level_states.empty()) return;
  g.dimension("level", d.level_states.size());
  g.put("level_states", d.level_states, {d.level_states.size()}, {"level"}, "1",
        "states after so many units: how the lattice grows");
}

namespace {

void read_units(const h5::File& f, const QueueOutcome& q, OrderDistribution& d) {
  for (const QueueUnit& u : q.units) {
    UnitDistribution x;
    x.mean_usd = u.mean_usd, x.sd_usd = u.sd_usd;
    x.trigger_probability = u.trigger_probability, x.reject_probability = u.reject_probability;
    x.distribution.insert(u.distribution.begin(), u.distribution.end());
    d.units.push_back(std::move(x));
  }
  const auto n = static_cast<std::ptrdiff_t>(d.units.size());
  for (const UnitMatrix& m : kMatrices) {
    const std::string dataset = std::string("distribution/") + m.name;
    const auto values = f.read<double>(dataset);
    check_size(f, dataset, values.size(), d.units.size() * d.units.size());
    check_numbers(f, dataset, values, true);
    for (std::ptrdiff_t i = 0; i < n; ++i)
      (d.units[static_cast<std::size_t>(i)].*m.row).assign(values.begin() + i * n, values.begin() + (i + 1) * n);
  }
}

}  // namespace

OrderDistribution read_distribution(const h5::File& f, const QueueOutcome& q) {
  OrderDistribution d;
  read_units(f, q, d);
  d.total.insert(q.total.distribution.begin(), q.total.distribution.end());
  const auto set = f.read<std::int64_t>("distribution/final_upgrade_set");
  const auto set_probability = f.read<double>("distribution/final_probability"),
             rejected_probability = f.read<double>("distribution/rejected_probability");
  check_ids(f, "distribution/final_upgrade_set", set, f.shape("upgrade_set/cost_usd").at(0));
  check_size(f, "distribution/final_probability", set_probability.size(), set.size());
  check_numbers(f, "distribution/final_probability", set_probability);
  for (std::size_t i = 0; i < set.size(); ++i)
    d.upgrades[UpgradeSetId(static_cast<std::int32_t>(set[i]))] = set_probability[i];
  const auto words = f.read<std::uint64_t>("distribution/rejected_units");
  check_size(f, "distribution/rejected_units", words.size(), rejected_probability.size() * kWords);
  check_numbers(f, "distribution/rejected_probability", rejected_probability);
  for (std::size_t i = 0; i < rejected_probability.size(); ++i) {
    UnitSet units;
    std::copy_n(words.begin() + static_cast<std::ptrdiff_t>(i * kWords), kWords, units.word.begin());
    d.rejected[units] = rejected_probability[i];
  }
  d.triggers = f.read<double>("distribution/triggers_probability");
  check_size(f, "distribution/triggers_probability", d.triggers.size(), q.units.size() + 1);
  check_numbers(f, "distribution/triggers_probability", d.triggers);
  if (f.exists("distribution/level_states")) d.level_states = f.read<std::uint64_t>("distribution/level_states");
  return d;
}

}  // namespace gridqueue

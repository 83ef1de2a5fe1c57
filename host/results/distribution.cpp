#include "host/results/distribution.hpp"

#include <algorithm>

#include "host/results/group.hpp"

namespace gridqueue {
namespace {

void put_units(Group& g, const ExactDistribution& x) {
  const std::size_t n = x.units.size();
  std::vector<double> mean, sd, trigger, reject, by_position, trigger_by_position, after, usd, probability;
  std::vector<std::int64_t> owner;
  for (std::size_t i = 0; i < n; ++i) {
    const ExactUnit& u = x.units[i];
    mean.push_back(u.mean_usd);
    sd.push_back(u.sd_usd);
    trigger.push_back(u.trigger_probability);
    reject.push_back(u.reject_probability);
    by_position.insert(by_position.end(), u.mean_by_position.begin(), u.mean_by_position.end());
    trigger_by_position.insert(trigger_by_position.end(), u.trigger_by_position.begin(), u.trigger_by_position.end());
    after.insert(after.end(), u.mean_after.begin(), u.mean_after.end());
    for (const auto& [c, p] : u.distribution)
      owner.push_back(static_cast<std::int64_t>(i)), usd.push_back(c), probability.push_back(p);
  }
  g.dimension("unit", n);
  g.dimension("position", n);
  g.dimension("other_unit", n);
  g.dimension("mass", usd.size());
  g.put("mean_usd", mean, {n}, {"unit"}, "USD", "mean over all orders of what the unit pays");
  g.put("sd_usd", sd, {n}, {"unit"}, "USD", "standard deviation over all orders");
  g.put("trigger_probability", trigger, {n}, {"unit"}, "1", "share of orders in which the unit violates a limit");
  g.put("reject_probability", reject, {n}, {"unit"}, "1", "share of orders in which the unit is rejected");
  g.put("mean_by_position", by_position, {n, n}, {"unit", "position"}, "USD",
        "mean cost given the position in the queue");
  g.put("trigger_by_position", trigger_by_position, {n, n}, {"unit", "position"}, "1",
        "probability of triggering given the position");
  g.put("mean_after", after, {n, n}, {"unit", "other_unit"}, "USD", "mean cost given that the other unit comes before");
  g.put("mass_unit", owner, {owner.size()}, {"mass"}, "1", "unit that this mass of probability belongs to");
  g.put("mass_usd", usd, {usd.size()}, {"mass"}, "USD", "a cost the unit may pay");
  g.put("mass_probability", probability, {probability.size()}, {"mass"}, "1", "its probability");
}

void put_ends(Group& g, const ExactDistribution& x) {
  std::vector<double> usd, probability, set_probability, rejected_probability;
  std::vector<std::int64_t> set;
  std::vector<std::uint64_t> rejected;
  for (const auto& [c, p] : x.total) usd.push_back(c), probability.push_back(p);
  for (const auto& [id, p] : x.upgrades) set.push_back(id.value), set_probability.push_back(p);
  for (const auto& [units, p] : x.rejected) {
    rejected.insert(rejected.end(), units.word.begin(), units.word.end());
    rejected_probability.push_back(p);
  }
  constexpr std::size_t kWords = kMaxUnits / 64;
  g.dimension("total", usd.size());
  g.dimension("number", x.triggers.size());
  g.dimension("final_set", set.size());
  g.dimension("rejection", rejected_probability.size());
  g.dimension("word", kWords);
  g.put("total_usd", usd, {usd.size()}, {"total"}, "USD", "a total the order may cost");
  g.put("total_probability", probability, {usd.size()}, {"total"}, "1", "its probability");
  g.dimension("level", x.level_states.size());
  g.put("level_states", x.level_states, {x.level_states.size()}, {"level"}, "1",
        "states after so many units: how the lattice grows");
  g.put("triggers_probability", x.triggers, {x.triggers.size()}, {"number"}, "1",
        "probability of that many triggers in an order");
  g.put("final_upgrade_set", set, {set.size()}, {"final_set"}, "1", "row of /upgrade_set that an order may end with");
  g.put("final_probability", set_probability, {set.size()}, {"final_set"}, "1", "its probability");
  std::vector<double> end_probability;
  std::vector<std::int64_t> end_state;
  for (const auto& [id, p] : x.ends) end_state.push_back(id.value), end_probability.push_back(p);
  g.dimension("end", end_state.size());
  g.put("end_state", end_state, {end_state.size()}, {"end"}, "1",
        "row of /state that an order may end in: units in and lines upgraded");
  g.put("end_probability", end_probability, {end_state.size()}, {"end"}, "1", "its probability");
  g.put("rejected_units", rejected, {rejected_probability.size(), kWords}, {"rejection", "word"}, "1",
        "bits of the units rejected in the end");
  g.put("rejected_probability", rejected_probability, {rejected_probability.size()}, {"rejection"}, "1",
        "its probability");
}

}  // namespace

void write_distribution(h5::File& file, const ExactDistribution& exact) {
  Group group(file, "distribution");
  put_units(group, exact);
  put_ends(group, exact);
}

namespace {

std::vector<double> row_of(const std::vector<double>& matrix, std::size_t row, std::size_t columns) {
  const auto first = matrix.begin() + static_cast<std::ptrdiff_t>(row * columns);
  return {first, first + static_cast<std::ptrdiff_t>(columns)};
}

void read_units(const h5::File& f, ExactDistribution& x) {
  const auto get = [&](const char* name) { return f.read<double>(std::string("/distribution/") + name); };
  const auto mean = get("mean_usd"), sd = get("sd_usd"), trigger = get("trigger_probability"),
             reject = get("reject_probability");
  const auto by_position = get("mean_by_position"), trigger_by_position = get("trigger_by_position"),
             after = get("mean_after");
  const std::size_t n = mean.size();
  x.units.resize(n);
  for (std::size_t i = 0; i < n; ++i)
    x.units[i] = {mean[i],
                  sd[i],
                  trigger[i],
                  reject[i],
                  {},
                  row_of(by_position, i, n),
                  row_of(trigger_by_position, i, n),
                  row_of(after, i, n)};
  const auto owner = f.read<std::int64_t>("/distribution/mass_unit");
  const auto usd = get("mass_usd"), probability = get("mass_probability");
  for (std::size_t m = 0; m < owner.size(); ++m)
    x.units.at(static_cast<std::size_t>(owner[m])).distribution[usd[m]] = probability[m];
}

}  // namespace

ExactDistribution read_distribution(const h5::File& f) {
  ExactDistribution x;
  read_units(f, x);
  const auto get = [&](const char* name) { return f.read<double>(std::string("/distribution/") + name); };
  const auto usd = get("total_usd"), probability = get("total_probability"), set_probability = get("final_probability"),
             rejected_probability = get("rejected_probability");
  const auto set = f.read<std::int64_t>("/distribution/final_upgrade_set");
  const auto words = f.read<std::uint64_t>("/distribution/rejected_units");
  for (std::size_t i = 0; i < usd.size(); ++i) x.total[usd[i]] = probability[i];
  for (std::size_t i = 0; i < set.size(); ++i)
    x.upgrades[UpgradeSetId(static_cast<std::int32_t>(set[i]))] = set_probability[i];
  const auto end_state = f.read<std::int64_t>("/distribution/end_state");
  const auto end_probability = get("end_probability");
  for (std::size_t i = 0; i < end_state.size(); ++i)
    x.ends[StateId(static_cast<std::int32_t>(end_state[i]))] = end_probability[i];
  for (std::size_t i = 0; i < rejected_probability.size(); ++i) {
    UnitSet units;
    std::copy_n(words.begin() + static_cast<std::ptrdiff_t>(i * units.word.size()), units.word.size(),
                units.word.begin());
    x.rejected[units] = rejected_probability[i];
  }
  x.triggers = get("triggers_probability");
  x.level_states = f.read<std::uint64_t>("/distribution/level_states");
  return x;
}

}  // namespace gridqueue

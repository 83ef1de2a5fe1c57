#include "host/walk/lattice_forecast.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "gridqueue/contracts.hpp"
#include "host/statistics/random.hpp"

namespace gridqueue {
namespace {

constexpr std::size_t kSets = 4, kOrders = 64;  //!< tried of each size, and of each set

double choose(std::size_t n, std::size_t k) {
  double c = 1;
  for (std::size_t i = 1; i <= k; ++i) c *= static_cast<double>(n - k + i) / static_cast<double>(i);
  return std::round(c);
}

//! A random order of `units`; every (size, set, order) has its own numbers.
void shuffle(std::vector<UnitId>& units, std::uint64_t realization) {
  std::vector<std::pair<std::uint64_t, UnitId>> keys;
  for (UnitId u : units)
    keys.emplace_back(random_bits(0, Purpose::forecast, realization, static_cast<std::uint32_t>(u.value)), u);
  std::sort(keys.begin(), keys.end());
  for (std::size_t i = 0; i < keys.size(); ++i) units[i] = keys[i].second;
}

//! Orders of sets of every size; walk w is of set w / kOrders, whose size is 1 + w / (kOrders * kSets).
std::vector<std::vector<UnitId>> trial_orders(std::size_t num_units) {
  std::vector<std::vector<UnitId>> orders;
  for (std::size_t size = 1; size <= num_units; ++size)
    for (std::size_t s = 0; s < kSets; ++s) {
      std::vector<UnitId> set;
      for (std::size_t u = 0; u < num_units; ++u) set.emplace_back(u);
      shuffle(set, (size * kSets + s) * (kOrders + 1));
      set.resize(size);
      for (std::size_t o = 0; o < kOrders; ++o) {
        shuffle(set, (size * kSets + s) * (kOrders + 1) + 1 + o);
        orders.push_back(set);
      }
    }
  return orders;
}

std::vector<StateId> walk_all(Walker& walker, const std::vector<std::vector<UnitId>>& orders,
                              const BeforeSlice& before_slice) {
  std::vector<StateId> state(orders.size(), walker.root());
  for (std::size_t position = 0; position < walker.queue().units.size(); ++position) {
    std::vector<StateUnit> pairs;
    std::vector<std::size_t> walks;
    for (std::size_t w = 0; w < orders.size(); ++w)
      if (position < orders[w].size()) pairs.push_back({state[w], orders[w][position]}), walks.push_back(w);
    if (before_slice) before_slice(walker, pairs);
    const auto steps = walker.consider(pairs);
    for (std::size_t i = 0; i < walks.size(); ++i) state[walks[i]] = walker.steps()[steps[i].index()].to;
  }
  return state;
}

struct Distinct {
  double expected = 0, most = 0;  //!< and the upper end of its 95 % interval
};

//! Different states, met and not met: Chao's bias-corrected bound, and the log-normal interval of what was not met
//! (Chao, Biometrics 1987).
Distinct distinct(std::span<const StateId> ends) {
  std::map<StateId, int> met;
  for (StateId s : ends) ++met[s];
  double once = 0, twice = 0;
  for (const auto& [state, times] : met) once += times == 1, twice += times == 2;
  const double unmet = once * (once - 1) / (2 * (twice + 1)), seen = static_cast<double>(met.size());
  if (unmet == 0) return {seen, seen + (once > 0 ? 1 : 0)};
  const double t = twice + 1;
  const double variance = once * (once - 1) / (2 * t) + once * (2 * once - 1) * (2 * once - 1) / (4 * t * t) +
                          once * once * twice * (once - 1) * (once - 1) / (4 * t * t * t * t);
  return {seen + unmet, seen + unmet * std::exp(1.96 * std::sqrt(std::log1p(variance / (unmet * unmet))))};
}

double sum(const std::vector<double>& x) { return std::accumulate(x.begin(), x.end(), 0.0); }

//! States with their look-ups and evaluations, steps with theirs, and the slice of attempts at hand.
double bytes_of(const std::vector<double>& states, double evaluations_per_state) {
  constexpr double kPacked = 250, kSlot = 8, kSlice = 1e8;  // of an answer (EvaluationTable), of an IdIndex; [bytes]
  constexpr double per_evaluation = kPacked + 12 + sizeof(UnitSet) + 2 * sizeof(UpgradeSetId) + kSlot;
  constexpr double per_state = sizeof(State) + kSlot + 300;  // + probabilities of the level
  constexpr double per_step = sizeof(Step) + sizeof(std::uint32_t);
  double bytes = kSlice;
  for (std::size_t k = 0; k < states.size(); ++k)
    bytes +=
        states[k] * (per_state + static_cast<double>((states.size() - 1) * sizeof(StepId)) +
                     evaluations_per_state * per_evaluation + static_cast<double>(states.size() - 1 - k) * per_step);
  return bytes;
}

}  // namespace

double LatticeForecast::states() const { return sum(expected); }
double LatticeForecast::most_states() const { return sum(most); }
double LatticeForecast::bytes() const { return bytes_of(expected, evaluations_per_state); }
double LatticeForecast::most_bytes() const { return bytes_of(most, evaluations_per_state); }

LatticeForecast forecast_lattice(Walker& walker, const BeforeSlice& before_slice) {
  const std::size_t n = walker.queue().units.size();
  const auto orders = trial_orders(n);
  const auto ends = walk_all(walker, orders, before_slice);
  LatticeForecast f{
      {1}, {1}, static_cast<double>(walker.evaluations().size()) / static_cast<double>(walker.states().size())};
  for (std::size_t size = 1; size <= n; ++size) {
    double mean = 0, most = 0;
    for (std::size_t s = 0; s < kSets; ++s) {
      const Distinct found = distinct(std::span(ends).subspan(((size - 1) * kSets + s) * kOrders, kOrders));
      mean += found.expected / kSets;
      most = std::max(most, found.most);
    }
    f.expected.push_back(choose(n, size) * mean);
    f.most.push_back(choose(n, size) * most);
  }
  return f;
}

void check_forecast(const LatticeForecast& f, std::size_t max_states, double memory_bytes) {
  const char* advice = "sample instead: orders.method = \"random\"";
  if (f.states() > static_cast<double>(max_states))
    fail_input(
        "all orders of {} units are a lattice of about {:.3g} states, at most {:.3g} (orders.max_states is {}); {}, or "
        "raise --max-states",
        f.expected.size() - 1, f.states(), f.most_states(), max_states, advice);
  if (f.bytes() > memory_bytes)
    fail_input(
        "all orders of {} units are a lattice of about {:.3g} states that need {:.3g} GB of memory (this machine has "
        "{:.3g} GB); {}",
        f.expected.size() - 1, f.states(), f.bytes() / 1e9, memory_bytes / 1e9, advice);
}

}  // namespace gridqueue

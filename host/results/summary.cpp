#include "host/results/summary.hpp"

#include <thrust/copy.h>
#include <thrust/device_vector.h>
#include <thrust/execution_policy.h>
#include <thrust/for_each.h>
#include <thrust/iterator/constant_iterator.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/reduce.h>
#include <thrust/sort.h>
#include <thrust/transform.h>
#include <thrust/transform_reduce.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

using Values = thrust::device_vector<double>;
using Flags = thrust::device_vector<std::uint8_t>;
constexpr std::size_t kMostShares = 20;

//! What each unit pays and what became of it, [unit][order]; the total of each order.
struct Outcomes {
  Values pays, total;
  Flags triggers, rejects;
};

//! Reads one order's steps.
struct ReadOrder {
  const Step* steps;
  const StepId* step;
  std::size_t num_units, count;
  double *pays, *total;
  std::uint8_t *triggers, *rejects;
  void operator()(std::size_t k) const {
    double sum = 0;
    for (std::size_t p = 0; p < num_units; ++p) {
      const Step& s = steps[step[k * num_units + p].index()];
      const std::size_t at = s.unit.index() * count + k;
      pays[at] = s.cost_usd;
      triggers[at] = s.limits != 0 ? 1 : 0;
      rejects[at] = s.decision == Decision::reject ? 1 : 0;
      sum += s.cost_usd;
    }
    // To the cent: the same lines, paid in another order, must add up to the same total.
    total[k] = std::round(sum * 100) / 100;
  }
};

Outcomes read_outcomes(const Walker& walker, const Trajectories& t) {
  const std::size_t n = t.num_units, count = t.count();
  Outcomes o{Values(n * count), Values(count), Flags(n * count), Flags(n * count)};
  const ReadOrder read{walker.steps().data(), t.step.data(), n, count,
                       thrust::raw_pointer_cast(o.pays.data()), thrust::raw_pointer_cast(o.total.data()),
                       thrust::raw_pointer_cast(o.triggers.data()), thrust::raw_pointer_cast(o.rejects.data())};
  // On the host: the walker's tables live there.
  thrust::for_each(thrust::device, thrust::counting_iterator<std::size_t>(0), thrust::counting_iterator<std::size_t>(count), read);
  return o;
}

struct Spread {
  double mean = 0, sd = 0, se = 0, min = 0, max = 0, median = 0, p95 = 0;
};

struct SquaredDistance {
  double from;
  double operator()(double x) const { return (x - from) * (x - from); }
};

template <class Iterator>
double quantile(Iterator sorted, std::size_t count, double q) {
  const double at = q * static_cast<double>(count - 1);
  const auto low = static_cast<std::size_t>(at);
  const double a = sorted[static_cast<std::ptrdiff_t>(low)];
  const double b = sorted[static_cast<std::ptrdiff_t>(std::min(low + 1, count - 1))];
  return a + (at - static_cast<double>(low)) * (b - a);
}

//! Sorts the values in place. Sums run over sorted values in one thread: the same bits for any number of threads.
template <class Iterator>
Spread spread(Iterator first, std::size_t count) {
  const auto last = first + static_cast<std::ptrdiff_t>(count);
  thrust::sort(thrust::device, first, last);
  const double n = static_cast<double>(count);
  Spread s;
  s.mean = thrust::reduce(thrust::seq, first, last, 0.0) / n;
  if (count > 1) {
    const double squares = thrust::transform_reduce(thrust::seq, first, last, SquaredDistance{s.mean}, 0.0, thrust::plus<double>());
    s.sd = std::sqrt(squares / (n - 1));
    s.se = s.sd / std::sqrt(n);
  }
  s.min = *first;
  s.max = *(last - 1);
  s.median = quantile(first, count, 0.5);
  s.p95 = quantile(first, count, 0.95);
  return s;
}

double share(const Flags& flags, std::size_t unit, std::size_t count) {
  const auto first = flags.begin() + static_cast<std::ptrdiff_t>(unit * count);
  const auto set = thrust::reduce(first, first + static_cast<std::ptrdiff_t>(count), std::uint64_t{0}, thrust::plus<std::uint64_t>());
  return static_cast<double>(set) / static_cast<double>(count);
}

//! Distinct values of a sorted list and their shares.
std::vector<std::pair<double, double>> distribution(const Values& sorted) {
  Values value(sorted.size());
  thrust::device_vector<std::uint64_t> number(sorted.size());
  const auto end = thrust::reduce_by_key(sorted.begin(), sorted.end(), thrust::constant_iterator<std::uint64_t>(1),
                                         value.begin(), number.begin());
  const auto distinct = static_cast<std::size_t>(end.first - value.begin());
  std::vector<std::pair<double, double>> all;
  for (std::size_t i = 0; i < distinct; ++i)
    all.emplace_back(value[i], static_cast<double>(number[i]) / static_cast<double>(sorted.size()));
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  all.resize(std::min(all.size(), kMostShares));
  return all;
}

TotalSummary summarize_total(Values& total) {
  const Spread s = spread(total.begin(), total.size());
  return {s.mean, s.sd, s.min, s.max, s.median, s.p95, distribution(total)};
}

}  // namespace

Summary summarize(const Walker& walker, const Trajectories& t) {
  Summary summary;
  summary.orders = t.count();
  if (summary.orders == 0) return summary;
  GQ_EXPECT(t.num_units == walker.queue().units.size());
  Outcomes o = read_outcomes(walker, t);
  for (std::size_t u = 0; u < t.num_units; ++u) {
    const Unit& unit = walker.queue().units[u];
    const Spread s = spread(o.pays.begin() + static_cast<std::ptrdiff_t>(u * t.count()), t.count());
    summary.units.push_back({walker.network().buses[unit.bus.index()].name, unit.kw, share(o.triggers, u, t.count()),
                             share(o.rejects, u, t.count()), s.mean, s.sd, s.se, s.median, s.p95, s.max});
  }
  summary.total = summarize_total(o.total);
  return summary;
}

}  // namespace gridqueue

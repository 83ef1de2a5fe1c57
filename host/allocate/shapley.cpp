#include "host/allocate/shapley.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

constexpr double kNormal95 = 1.959963984540054;  // 97.5 % quantile of the normal distribution

OrderCost summary(const std::vector<double>& x, bool exact) {
  OrderCost s;
  if (x.empty()) return s;
  const auto n = static_cast<double>(x.size());
  for (double v : x) s.mean += v / n;
  for (double v : x) s.sd += (v - s.mean) * (v - s.mean);
  const double unbiased = x.size() > 1 ? n - 1 : 1;
  s.sd = std::sqrt(s.sd / (exact ? n : unbiased));
  s.half_width = exact ? 0 : kNormal95 * s.sd / std::sqrt(n);
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  s.min = *low;
  s.max = *high;
  return s;
}

}  // namespace

std::vector<double> shapley_values(std::size_t num_players, const std::function<double(std::uint32_t)>& value) {
  GQ_EXPECT(num_players <= kMaxShapleyPlayers);
  std::vector<double> v(std::size_t{1} << num_players), weight(num_players), phi(num_players, 0.0);
  for (std::uint32_t s = 0; s < v.size(); ++s) v[s] = value(s);
  // weight[k] = k! (n - k - 1)! / n! = 1 / (n binomial(n - 1, k))
  double binomial = 1;
  for (std::size_t k = 0; k < num_players; ++k) {
    weight[k] = 1 / (static_cast<double>(num_players) * binomial);
    binomial *= static_cast<double>(num_players - 1 - k) / static_cast<double>(k + 1);
  }
  for (std::uint32_t s = 0; s < v.size(); ++s)
    for (std::size_t i = 0; i < num_players; ++i) {
      const std::uint32_t bit = std::uint32_t{1} << i;
      if (!(s & bit)) phi[i] += weight[static_cast<std::size_t>(std::popcount(s))] * (v[s | bit] - v[s]);
    }
  return phi;
}

std::vector<OrderCost> order_costs(std::span<const double> costs, std::size_t num_units, bool exact) {
  GQ_EXPECT(num_units > 0 && costs.size() % num_units == 0);
  std::vector<OrderCost> result;
  for (std::size_t u = 0; u < num_units; ++u) {
    std::vector<double> column;
    for (std::size_t i = u; i < costs.size(); i += num_units) column.push_back(costs[i]);
    result.push_back(summary(column, exact));
  }
  return result;
}

OrderCost order_total(std::span<const double> costs, std::size_t num_units, bool exact) {
  GQ_EXPECT(num_units > 0 && costs.size() % num_units == 0);
  std::vector<double> totals(costs.size() / num_units, 0.0);
  for (std::size_t i = 0; i < costs.size(); ++i) totals[i / num_units] += costs[i];
  return summary(totals, exact);
}

}  // namespace gridqueue

// Shapley values: each player's mean marginal cost over all orders.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace gridqueue {

//! Largest game solved exactly: 2^n values of coalitions are asked for, each once.
constexpr std::size_t kMaxShapleyPlayers = 24;

//! phi_i = sum over coalitions S without i of |S|! (n - |S| - 1)! / n! * (v(S + i) - v(S)); bit i of a coalition = i
//! in.
std::vector<double> shapley_values(std::size_t num_players, const std::function<double(std::uint32_t)>& value);

//! What one unit pays over orders.
struct OrderCost {
  double mean = 0, sd = 0, min = 0, max = 0;
  double half_width = 0;  //!< of the 95 % interval of the mean; 0 = all orders, exact
  double deviation = 0;   //!< mean over orders of |cost - mean|
};
//! Costs [order][unit], row-major, every order equally likely -> [unit]. `exact` = these are all orders; else the
//! orders are a sample and the interval is 1.96 standard errors.
std::vector<OrderCost> order_costs(std::span<const double> costs, std::size_t num_units, bool exact);
//! The same of each order's total.
OrderCost order_total(std::span<const double> costs, std::size_t num_units, bool exact);

}  // namespace gridqueue

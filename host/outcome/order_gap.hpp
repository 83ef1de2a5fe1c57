// What the order of a queue does to totals. The mean over orders of what a unit pays is its Shapley value where every
// set of units costs the same in any order: only then has the set a value. Else it is a mean over orders, and no more.
#pragma once
#include <vector>

#include "host/walk/walk_view.hpp"

namespace gridqueue {

//! How far the orders speak for all orders.
enum class OrderSource {
  all,     //!< every order, exactly
  random,  //!< a sample: means have intervals
  given,   //!< chosen by the user: they speak for themselves only
};

//! What a set of units came to in some order of them.
struct SetTotal {
  UnitSet considered;
  double usd = 0;  //!< [USD] all lines built
};
//! [USD] Largest difference between two totals of the same units, over all sets; totals count to the cent.
double largest_order_gap(std::vector<SetTotal> totals);
//! Of the sets that a walk came through.
double largest_order_gap(const WalkView& walk);

struct OrderGap {
  OrderSource source = OrderSource::all;
  double min_usd = 0, mean_usd = 0, max_usd = 0;  //!< total of all units, over orders
  double largest_usd = 0;                         //!< largest_order_gap() of the orders
  //! Whether the mean over orders is the Shapley value, or a sample of orders says nothing against it.
  [[nodiscard]] bool shapley() const { return source != OrderSource::given && largest_usd == 0; }
};

}  // namespace gridqueue

#include "host/outcome/order_gap.hpp"

#include <algorithm>
#include <cmath>

namespace gridqueue {

double largest_order_gap(std::vector<SetTotal> totals) {
  for (SetTotal& t : totals) t.usd = std::round(t.usd * 100) / 100;
  std::sort(totals.begin(), totals.end(), [](const SetTotal& a, const SetTotal& b) {
    return a.considered != b.considered ? a.considered < b.considered : a.usd < b.usd;
  });
  double largest = 0;
  std::size_t first = 0;  // of the set at hand: its smallest total
  for (std::size_t i = 0; i < totals.size(); ++i) {
    if (totals[i].considered != totals[first].considered) first = i;
    largest = std::max(largest, totals[i].usd - totals[first].usd);
  }
  return largest;
}

double largest_order_gap(const WalkView& walk) {
  std::vector<SetTotal> totals;
  for (const State& s : walk.states) totals.push_back({s.considered, walk.set_usd[s.upgrades.index()]});
  return largest_order_gap(std::move(totals));
}

}  // namespace gridqueue

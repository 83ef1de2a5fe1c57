#include "host/present/final_sets.hpp"

#include <algorithm>
#include <cmath>

namespace gridqueue {

std::vector<FinalSet> final_sets(const ResultsReader& results, const OrderDistribution& orders) {
  std::vector<FinalSet> sets;
  const auto all = results.upgrade_sets();
  for (const auto& [id, p] : orders.upgrades) {
    FinalSet set{{}, 0, p};
    for (const Upgrade& u : all.at(id.index())) {
      const std::string& name = results.info().element[u.element.index()];
      set.lines.push_back(name.substr(name.find('.') + 1));
    }
    set.cost_usd = usd_of(all[id.index()]);
    sets.push_back(std::move(set));
  }
  std::stable_sort(sets.begin(), sets.end(),
                   [](const FinalSet& a, const FinalSet& b) { return a.probability > b.probability; });
  return sets;
}

double all_orders_of(const ResultsInfo& info) {
  return std::round(std::tgamma(static_cast<double>(info.unit_site.size()) + 1));
}

}  // namespace gridqueue

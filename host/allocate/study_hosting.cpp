#include <algorithm>
#include <map>

#include "host/allocate/study_needs.hpp"
#include "host/hosting/hosting_capacity.hpp"

namespace gridqueue {
namespace {

//! Searches in lock step; each pair of upgrades and site is searched once.
class Searches {
 public:
  std::size_t add(const Upgrades& upgrades, UnitSite site, double start_kw) {
    const auto [set, new_set] = set_.try_emplace(upgrades, UpgradeSetId(sets_.size()));
    if (new_set) sets_.push_back(upgrades);
    const auto [at, is_new] = query_.try_emplace({set->second, site}, queries_.size());
    if (is_new) queries_.push_back({{}, set->second, site, start_kw});
    return at->second;
  }
  [[nodiscard]] std::vector<HostingCapacity> run(Evaluator& evaluator, double tolerance_kw) const {
    HostingSearchOptions options;
    options.tolerance_kw = tolerance_kw;
    return hosting_capacities(evaluator, queries_, sets_, options);
  }

 private:
  std::map<Upgrades, UpgradeSetId> set_;
  std::map<std::pair<UpgradeSetId, UnitSite>, std::size_t> query_;
  std::vector<Upgrades> sets_;
  std::vector<HostingQuery> queries_;
};

struct Wanted {
  SharingUnit* unit;
  const Upgrades* upgrades;
  UnitSite site;
  std::size_t search = 0;
};

//! One search per unit; `upgrades_of` and `start_of` say from where. Sets `result` of every unit.
void search_all(Evaluator& evaluator, double tolerance_kw, std::vector<Wanted>& wanted, double SharingUnit::*result,
                const auto& upgrades_of, const auto& start_of) {
  Searches searches;
  for (Wanted& w : wanted) w.search = searches.add(upgrades_of(w), w.site, start_of(w));
  const auto found = searches.run(evaluator, tolerance_kw);
  for (const Wanted& w : wanted) w.unit->*result = found[w.search].kw;
}

}  // namespace

void search_hosting(Evaluator& evaluator, const std::vector<StudyOrders>& studies, const SharingOptions& options,
                    std::vector<StudySharing>& sharing) {
  std::vector<Wanted> wanted;
  for (std::size_t i = 0; i < studies.size(); ++i) {
    sharing[i].hosting_upgrades = studies[i].outcome.upgrades;
    sharing[i].hosting_probability = studies[i].outcome.upgrades_probability;
    for (std::size_t u = 0; u < studies[i].queue.units.size(); ++u)
      if (studies[i].outcome.accepted[u] > 0)
        wanted.push_back({&sharing[i].table.units[u], &sharing[i].hosting_upgrades, studies[i].queue.units[u].site});
  }
  const Upgrades none;
  search_all(
      evaluator, options.hosting_tolerance_kw, wanted, &SharingUnit::hc0,
      [&](const Wanted&) -> const Upgrades& { return none; }, [](const Wanted&) { return 0.0; });
  // As the notebook does: behind a regulator a capacity belongs to its search path, and this one starts at what was
  // found.
  search_all(
      evaluator, options.hosting_tolerance_kw, wanted, &SharingUnit::hc1,
      [](const Wanted& w) -> const Upgrades& { return *w.upgrades; }, [](const Wanted& w) { return w.unit->hc0; });
  for (const Wanted& w : wanted)
    if (w.upgrades->empty()) w.unit->hc1 = w.unit->hc0;  // nothing changed: no noise of a second search
}

}  // namespace gridqueue

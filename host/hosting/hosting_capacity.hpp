// Hosting capacity of sites on top of given states, all searches in lock step.
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "gridqueue/evaluation.hpp"

namespace gridqueue {

enum class SearchMethod {
  bisect,  //!< double from 100 kW until a limit is violated, then bisect (what i2x does)
  first,   //!< smallest violating size on a grid, then bisect to it: the safe value where the curve is not monotone
};

struct HostingSearchOptions {
  SearchMethod method = SearchMethod::bisect;
  double start_kw = 100;
  double tolerance_kw = 0.1;
  double grid_kw = 10;      //!< of `first`
  double largest_kw = 1e6;  //!< a search that passes here stops with `unlimited`
};

//! What stands on the feeder before the search, and where the search adds.
struct HostingQuery {
  std::vector<std::pair<UnitSite, double>> der;  //!< [kW]
  UpgradeSetId upgrade_set;                      //!< into the upgrade_sets given to the search
  UnitSite site;
  double start_kw = 0;  //!< first size of `bisect`; 0 = that of the options
};

//! Adds the query's state with `kw` at its site.
void add_query(StateBatch& batch, const HostingQuery& query, double kw);
//! First size of `bisect`.
double first_size(const HostingQuery& query, const HostingSearchOptions& options);

struct HostingCapacity {
  double kw = 0;             //!< largest passing size found (lower end of the bracket)
  std::uint32_t limits = 0;  //!< LimitBit's violated at the upper end
  bool unlimited = false;
  std::uint32_t evaluations = 0;  //!< asked for by this search
  double violating_kw = 0;        //!< upper end of the bracket; 0 where it is unlimited
};

std::vector<HostingCapacity> hosting_capacities(Evaluator& evaluator, const std::vector<HostingQuery>& queries,
                                                const std::vector<Upgrades>& upgrade_sets,
                                                const HostingSearchOptions& options);

}  // namespace gridqueue

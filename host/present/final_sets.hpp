// The sets of lines that orders of one queue end with, with their names.
#pragma once
#include <string>
#include <vector>

#include "host/results/results_reader.hpp"

namespace gridqueue {

struct FinalSet {
  std::vector<std::string> lines;  //!< without "line."
  double cost_usd = 0, probability = 0;
};
//! The most likely first.
std::vector<FinalSet> final_sets(const ResultsReader& results, const OrderDistribution& orders);

//! How many orders the units have: N!.
double all_orders_of(const ResultsInfo& info);

}  // namespace gridqueue

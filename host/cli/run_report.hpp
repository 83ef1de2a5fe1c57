// What `gridqueue run` prints.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "host/explore/walker.hpp"
#include "host/results/summary.hpp"

namespace gridqueue {

struct RunReport {
  std::string file;
  std::vector<std::pair<std::string, double>> units;    //!< bus, kW
  Summary summary;
  std::vector<std::pair<std::string, double>> seconds;  //!< by stage, "total" first
  WalkCounters counters;
};

void print_json(const RunReport& report);
void print_table(const RunReport& report);

}  // namespace gridqueue

// What `gridqueue run` prints.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "host/explore/lattice.hpp"
#include "host/results/summary.hpp"

namespace gridqueue {

std::string usd_text(double x);  //!< 1,234,567

struct RunReport {
  std::string file;
  std::vector<std::pair<std::string, double>> units;    //!< bus, kW
  Summary summary;
  std::vector<std::pair<std::string, double>> seconds;  //!< by stage, "total" first
  WalkCounters counters;
};

//! Of method "all".
struct ExactReport {
  std::string file;
  std::vector<std::pair<std::string, double>> units;    //!< bus, kW
  ExactDistribution exact;
  std::vector<std::pair<std::string, double>> seconds;  //!< by stage, "total" first
  WalkCounters counters;
};

void print_json(const ExactReport& report);
void print_table(const ExactReport& report);

void print_json(const RunReport& report);
void print_table(const RunReport& report);

}  // namespace gridqueue

// Single states and buses in JSON: what `solve` and `hca` print with --json.
#pragma once
#include <string>
#include <vector>

#include "gridqueue/evaluation.hpp"
#include "host/outcome/observed.hpp"

namespace gridqueue {

//! `steps_file`: where the voltages of every step are; "" = nowhere. `day`: null, or the steps that it tells.
std::string observed_json(const Network& network, const Observed& o, bool linear, const std::string& steps_file,
                          const DayTrace* day);

struct BusCapacity {
  std::string bus;
  double kw;
  std::vector<std::string> limits;  //!< that end it
  std::string unsolved{};           //!< where the state that ends it has no solution; "" = it has, or nobody looked
};
std::string capacities_json(const std::vector<BusCapacity>& capacities, PowerFlow model);

}  // namespace gridqueue

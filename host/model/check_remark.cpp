#include "host/model/check_remark.hpp"

#include <fmt/core.h>

#include "gridqueue/log.hpp"

namespace gridqueue {

std::string difference_remark(const Network& network) {
  const ImportCheck& c = network.check;
  if (c.voltage_pu <= kToldPu && c.wrong_taps == 0) return {};
  return fmt::format(
      "the days of feeder {} differ from OpenDSS's (voltages by {:.2g} pu{}, {} of {} taps): take its results with "
      "care",
      network.name, c.voltage_pu, c.voltage_node.empty() ? "" : " at '" + c.voltage_node + "'", c.wrong_taps, c.taps);
}

void warn_of_difference(const Network& network) {
  if (const std::string remark = difference_remark(network); !remark.empty()) log_warn("{}", remark);
}

}  // namespace gridqueue

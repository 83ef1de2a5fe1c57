#include "host/dss/voltage_remarks.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "gridqueue/log.hpp"
#include "gridqueue/unit_site.hpp"

namespace gridqueue {
namespace {

//! The phase farthest from nominal, to ground; a neutral where there is no phase.
std::string worst_node(const Bus& bus) {
  const auto nodes = static_cast<std::size_t>(bus.num_nodes);
  const auto is_phase = [&](std::size_t n) { return bus.phase[n] <= 3; };
  std::size_t worst = 0, phases = 0;
  double worst_pu = 1;
  for (std::size_t n = 0; n < nodes; ++n) phases += is_phase(n) ? 1 : 0;
  for (std::size_t n = 0; n < nodes; ++n) {
    if (phases > 0 && !is_phase(n)) continue;
    const double pu = std::abs(bus.v_base[n]) / (bus.kv_base * 1e3);
    if (std::abs(pu - 1) >= std::abs(worst_pu - 1)) worst = n, worst_pu = pu;
  }
  return fmt::format("'{}.{}': {:.3g} pu of {:.4g} kV to ground", bus.name, bus.phase[worst], worst_pu, bus.kv_base);
}

template <class Is, class Say>
void tell(const Network& net, const Is& is, const Say& say) {
  const auto first = std::find_if(net.buses.begin(), net.buses.end(), is);
  if (first != net.buses.end()) say(std::count_if(net.buses.begin(), net.buses.end(), is), *first);
}

}  // namespace

void tell_voltages(const Network& net) {
  tell(
      net, [](const Bus& b) { return b.floating; },
      [](auto count, const Bus& b) {
        log_warn("{} buses from '{}' on have no path to ground: only voltages between their phases mean something",
                 count, b.name);
      });
  tell(net, grounded_delta, [](auto count, const Bus& b) {
    log_warn("{} buses are a delta that is grounded at one place ({}): voltage limits judge them between phases", count,
             worst_node(b));
  });
  tell(net, far_from_base, [](auto count, const Bus& b) {
    log_warn(
        "{} buses are far from their voltage base ({}): limits take the base case there for what is allowed, and no "
        "unit "
        "can stand there; give the model the right voltage bases and import it again",
        count, worst_node(b));
  });
}

}  // namespace gridqueue

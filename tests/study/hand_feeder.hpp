// A feeder of five buses made by hand: source - bus_1 - bus_2 - bus_3, and bus_1 - tap_1 (one phase).
#pragma once
#include "gridqueue/network.hpp"

namespace gridqueue::test {

inline Bus make_bus(const std::string& name, BusId parent, std::vector<int> phases) {
  Bus bus;
  bus.name = name;
  bus.parent = parent;
  bus.num_nodes = static_cast<int>(phases.size());
  std::copy(phases.begin(), phases.end(), bus.phase.begin());
  bus.kv_base = 7.2;
  if (parent.valid()) {
    bus.branch.kind = BranchKind::line;
    bus.branch.name = "line.to_" + name;
    bus.branch.length_ft = 1000;
    bus.branch.upgradable = true;
  }
  return bus;
}

inline Network hand_feeder() {
  Network net;
  net.name = "hand";
  net.checksum = "0123";
  net.buses = {make_bus("source", BusId(), {1, 2, 3}), make_bus("bus_1", BusId(0), {1, 2, 3}),
               make_bus("bus_2", BusId(1), {1, 2, 3}), make_bus("bus_3", BusId(2), {1, 2, 3}),
               make_bus("tap_1", BusId(1), {2})};
  net.monitor_lists["i2x"] = {BusId(1), BusId(3)};
  net.candidate_buses = {BusId(1), BusId(2), BusId(3)};
  net.shapes = {{"day", std::vector<double>(288, 1.0)}};
  net.source_multiplier.assign(288, 1.0);
  net.pv_shape.assign(288, 1.0);
  return net;
}

}  // namespace gridqueue::test

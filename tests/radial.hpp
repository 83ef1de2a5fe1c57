// The embedded feeder and the queue of PNNL's notebook cluster_activity, for tests and benchmarks.
#pragma once
#include <string>

#include "host/feeder/feeder_file.hpp"
#include "host/queue/queue.hpp"
#include "tests/source_folder.hpp"

namespace gridqueue {

inline const Network& radial() {
  static const Network network = read_feeder(source_folder() + "/data/radial.h5");
  return network;
}

inline BusId bus(const std::string& name) { return radial().find_bus(name).value(); }

inline Queue notebook_queue() {
  return {{{bus("bus_17"), 71},
           {bus("bus_26"), 771},
           {bus("bus_21"), 320},
           {bus("bus_1102"), 632},
           {bus("bus_1112"), 216},
           {bus("bus_1110"), 212},
           {bus("bus_xf"), 208},
           {bus("bus_1113"), 567}}};
}

}  // namespace gridqueue

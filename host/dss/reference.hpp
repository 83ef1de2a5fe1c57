// OpenDSS's own day of a model, to measure ourselves by: values for tests, seconds for benchmarks.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "gridqueue/network.hpp"

namespace gridqueue {

struct DssDayOptions {
  std::string library;                //!< of OpenDSS; empty = find_dss_library()
  std::vector<std::string> commands;  //!< run after the model is compiled, e.g. "set tolerance=1e-9"
};

struct DssDay {
  std::vector<Complex> voltage;         //!< [num_steps][total nodes] [V], nodes in the network's bus order
  std::vector<int> tap;                 //!< [num_steps][num regulators]
  std::vector<std::uint8_t> converged;  //!< [num_steps]
  double seconds = 0;                   //!< [s] that a bare `solve` of all steps takes, measured in a run of its own
};

//! Compiles `master` (an exported model, or the feeder's own) and solves the day step by step with STATIC control.
//! `network` names the nodes and regulators to report. Throws Error(unavailable) without OpenDSS.
DssDay solve_day_with_dss(const std::string& master, const Network& network, const DssDayOptions& options = {});

}  // namespace gridqueue

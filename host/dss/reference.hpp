// OpenDSS's own day of a model, to measure ourselves by: values for tests, seconds for benchmarks.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gridqueue/network.hpp"
#include "gridqueue/upgrade.hpp"
#include "host/dss/day_choice.hpp"

namespace gridqueue {

struct DssDayOptions {
  std::string library;                //!< of OpenDSS; empty = find_dss_library()
  std::vector<std::string> commands;  //!< run after the model is compiled
  //! Of a feeder's own model: taps start where a snapshot leaves them, then the changes are made. Without it the day
  //! starts as the model stands.
  std::optional<DayChoice> day{};
  std::vector<std::string> changes{};                      //!< run before the day begins, e.g. "set tolerance=1e-9"
  std::vector<std::vector<std::string>> changes_of_day{};  //!< [day] then these
  Upgrades upgraded{};                                     //!< lines of the network, of so much shorter length:
  double factor = 2;
  bool timed = true;  //!< whether `seconds` is measured
};

struct DssDay {
  std::vector<Complex> voltage;  //!< [num_steps][total nodes] [V], nodes in the network's bus order; NaN at inner buses
  std::vector<int> tap;          //!< [num_steps][num regulators]
  std::vector<int> capacitor;    //!< [num_steps][num capacitor controls], 1 = in
  std::vector<std::uint8_t> converged;  //!< [num_steps]
  double seconds = 0;                   //!< [s] that a bare `solve` of all steps takes, measured in a run of its own
};

//! Compiles `master` (an exported model, or the feeder's own) and solves the day step by step with STATIC control.
//! `network` names the nodes and regulators to report. Throws Error(unavailable) without OpenDSS.
DssDay solve_day_with_dss(const std::string& master, const Network& network, const DssDayOptions& options = {});

}  // namespace gridqueue

// A limit's quantity at one place and step of a traced day, regulator taps held.
//
// Taps move in steps of 0.6 %, a fifth of the voltage-change limit: a difference quotient across a moved tap says
// nothing of the unit or line that was changed. So a day's node voltage is divided by its own regulator ratios and
// multiplied by those of the day whose taps are held: V' = V prod (1 + s tap_held) / (1 + s tap). What the tap does to
// the currents behind it (0.6 % of a constant-power current) is neglected.
#pragma once
#include <vector>

#include "gridqueue/evaluation.hpp"

namespace gridqueue {

//! What is measured where: at a bus (vdiff), a node in bus order (voltages), a branch by child bus (the others).
struct Probe {
  LimitBit limit = limit_vdiff;
  std::size_t place = 0;
  int step = 0;
  double sign = 1;  //!< of a voltage change, so that its size is what grows
  friend bool operator==(const Probe& a, const Probe& b) {
    return a.limit == b.limit && a.place == b.place && a.step == b.step && a.sign == b.sign;
  }
};

//! A traced day and the lines that were upgraded in it.
struct MeteredDay {
  DayTrace trace;
  std::vector<char> upgraded;  //!< [buses] by child bus
};

class DayMeter {
 public:
  DayMeter(const Network& network, double upgrade_factor);

  //! [% of nominal] for vdiff, [pu] for voltages, [% of rating] for the emergency and the normal rating.
  [[nodiscard]] double value(const MeteredDay& day, const MeteredDay& held, const Probe& probe) const;

  [[nodiscard]] std::size_t num_nodes() const { return bus_of_node_.size(); }
  [[nodiscard]] BusId bus_of_node(std::size_t node) const { return bus_of_node_[node]; }
  //! "bus_3.2": bus and phase.
  [[nodiscard]] std::string node_name(std::size_t node) const;

 private:
  [[nodiscard]] Complex voltage(const MeteredDay& day, std::size_t step, std::size_t node) const {
    return day.trace.voltage[step * bus_of_node_.size() + node];
  }
  [[nodiscard]] double held_magnitude(const MeteredDay& day, const MeteredDay& held, std::size_t step,
                                      std::size_t node) const;
  [[nodiscard]] double average_pu(const MeteredDay& day, const MeteredDay& held, std::size_t step,
                                  std::size_t bus) const;
  [[nodiscard]] double loading_pct(const MeteredDay& day, std::size_t step, std::size_t bus, double amps) const;

  const Network& net_;
  double factor_;
  std::vector<std::size_t> first_node_;               //!< [buses]
  std::vector<BusId> bus_of_node_;                    //!< [nodes]
  std::vector<std::vector<std::size_t>> regulators_;  //!< [nodes] between the node and the source, on its phase
};

}  // namespace gridqueue

// CapControls of an imported model, and the capacitors that they switch.
#pragma once
#include "host/dss/day_choice.hpp"
#include "host/dss/reader.hpp"

namespace gridqueue {

struct SwitchedCapacitor {
  std::string control;
  DssShunt shunt;  //!< with the first step in service
  CapacitorState initial;
  int steps = 1, in_service = 0;  //!< in service where a day starts
  std::vector<double> size{};     //!< of each step, as a multiple of the first; empty = equal ones
};

//! Takes capacitors that a control switches out of the model's shunts, so that the tree has them in no fixed
//! admittance. Ends in snapshot mode without control.
std::vector<SwitchedCapacitor> take_switched_capacitors(DssEngine& dss, DssModel& model, const DayChoice& day,
                                                        Obstacles& obstacles);
//! After place_regulators; `as_read`: buses as they were before, with all taps as they stand.
void add_capacitor_controls(DssEngine& dss, const DssModel& model, const std::vector<SwitchedCapacitor>& switched,
                            const std::vector<Bus>& as_read, const DayChoice& day, Network& net, Obstacles& obstacles);

}  // namespace gridqueue

// What loads, generators and the source of a model do over a day, measured in OpenDSS itself.
#pragma once
#include "host/dss/day_choice.hpp"
#include "host/dss/reader.hpp"

namespace gridqueue {

//! A load, or a generator of constant power.
struct DssInjection {
  std::string name;
  bool delta = false;
  int phases = 1;
  double volts = 0;  //!< [V] nominal, across one phase
};

struct MeasuredDay {
  std::vector<std::vector<Complex>> power;    //!< [injection][step] [kVA] drawn by one phase at nominal voltage
  std::vector<Complex> source;                //!< [conductor of the source] [V] E where no shape scales it
  std::vector<std::vector<Complex>> sources;  //!< [step][conductor] [V] E
};

//! Leaves the model unfit for anything else: loads alone at the bus of a source without impedance, so that no voltage
//! of the feeder disturbs what OpenDSS makes of growth, multipliers, states and shapes of every kind.
MeasuredDay measure_day(DssEngine& dss, const DssModel& model, const std::vector<DssInjection>& injections,
                        const DayChoice& day, const DssProgress& progress = {});

//! [kW] that all loads less generators draw at nominal voltage at the end of each step. Leaves the model unfit too.
std::vector<double> measure_total(DssEngine& dss, const DssModel& model, const DayChoice& day);

}  // namespace gridqueue

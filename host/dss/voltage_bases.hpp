// Voltage bases of a model that sets none.
#pragma once
#include <functional>

#include "host/dss/reader.hpp"

namespace gridqueue {

//! Gives buses without a voltage base what OpenDSS's CalcVoltageBases finds for them among the nominal voltages of the
//! source and of the transformers' windings, and says so. Where that is far from the voltage without load they keep
//! none. `another` makes an engine with the model compiled and solved, which nothing else needs.
void derive_voltage_bases(const std::function<DssEngine()>& another, DssModel& model);

}  // namespace gridqueue

// Loads of an imported model.
#pragma once
#include "host/dss/reader.hpp"

namespace gridqueue {

//! Refuses what is no grounded wye load of model 5 that varies with its shape.
void add_loads(DssEngine& dss, const DssModel& model, Network& network);

//! The daily shape that all loads name, or `default_shape` where none names any. Refuses different ones.
std::string common_load_shape(DssEngine& dss, const DssModel& model, const std::string& default_shape);

}  // namespace gridqueue

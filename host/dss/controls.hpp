// Regulators, reclosers, lengths and export definitions of an imported model.
#pragma once
#include "host/dss/reader.hpp"

namespace gridqueue {

void add_regulators(DssEngine& dss, const DssModel& model, Network& network);
//! Reclosers, and which lines can be upgraded: no switch, and none that a recloser or fuse watches.
void add_protection(DssEngine& dss, const DssModel& model, Network& network);
void add_line_facts(DssEngine& dss, Network& network);
//! Windings of transformers, and capacitors: what an export needs beyond the two-ports.
void add_units(DssEngine& dss, const DssModel& model, Network& network);

}  // namespace gridqueue

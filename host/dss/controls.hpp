// Regulators, reclosers, lengths and export definitions of an imported model.
#pragma once
#include "host/dss/reader.hpp"

namespace gridqueue {

void check_regulators(DssEngine& dss, const DssModel& model, Obstacles& obstacles);
//! While a snapshot's solution stands: which reversible regulators find power flowing back. Between the thresholds they
//! look forward, as they do when they are made.
void note_reversed_regulators(DssEngine& dss, DssModel& model);
//! Before place_regulators.
void add_regulators(DssEngine& dss, const DssModel& model, Network& network, Obstacles& obstacles);
//! Of the circuit as it stands.
int tap_position(DssEngine& dss, const Regulator& regulator);
//! What a fuse or recloser names as its monitoredobj or switchedobj, with its class.
std::string watched(DssEngine& dss, const std::string& control, const char* what);
//! Reclosers, and which lines can be upgraded: no switch, and none that a recloser or fuse watches.
void add_protection(DssEngine& dss, const DssModel& model, Network& network);
//! Lengths, kinds and which lines can be upgraded. `length_unit` (OpenDSS's word) counts where a line has none; with
//! neither its length_ft is 0 (Network::lacks_cost).
void add_line_facts(DssEngine& dss, const std::string& length_unit, Network& network);
//! Windings of transformers, capacitors, fixed elements: what an export needs beyond the two-ports.
void add_units(DssEngine& dss, const DssModel& model, Network& network);

}  // namespace gridqueue

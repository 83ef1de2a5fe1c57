// Whether an imported feeder's days are OpenDSS's own, and those of an exported model ours.
#pragma once
#include "gridqueue/evaluation.hpp"
#include "host/dss/export.hpp"
#include "host/dss/import.hpp"
#include "host/model/check_remark.hpp"

namespace gridqueue {

//! Of `evaluator` below: in double on the CPU, all buses monitored, with the sites where the day with units has them.
EvaluatorOptions checking_options(const Network& network);

//! Solves days of the model in OpenDSS (tolerance 1e-9) and with `evaluator`, of the network that was imported of it:
//! the base day, and one with units and two upgraded lines: three units at candidate buses, one at a bus of a single
//! phase and one on a secondary, of what the feeder has.
ImportCheck check_days(const std::string& master, const DssImportOptions& options, Evaluator& evaluator);

//! Solves the day of an exported model in OpenDSS (tolerance 1e-9), and the state of which it was made here. No days
//! where we find no solution for that state. Throws Error(input) with OpenDSS's words where it does not take the model,
//! or where the days differ: by more than kToldPu and than those of the import did, or in a tenth of the taps, or
//! because OpenDSS finds no solution at any step.
ImportCheck check_export(const std::string& master, const Network& network, const DssState& state);

}  // namespace gridqueue

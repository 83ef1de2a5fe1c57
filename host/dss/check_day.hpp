// Whether an imported feeder's days are OpenDSS's own.
#pragma once
#include "gridqueue/evaluation.hpp"
#include "host/dss/import.hpp"

namespace gridqueue {

//! Of `evaluator` below: in double on the CPU, all buses monitored, with the sites where the day with units has them.
EvaluatorOptions checking_options(const Network& network);

//! Solves days of the model in OpenDSS (tolerance 1e-9) and with `evaluator`, of the network that was imported of it:
//! the base day, and one with units and two upgraded lines: three units at candidate buses, one at a bus of a single
//! phase and one on a secondary, of what the feeder has.
ImportCheck check_days(const std::string& master, const DssImportOptions& options, Evaluator& evaluator);

}  // namespace gridqueue

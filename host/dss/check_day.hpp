// Whether an imported feeder's days are OpenDSS's own.
#pragma once
#include "gridqueue/evaluation.hpp"
#include "host/dss/import.hpp"

namespace gridqueue {

//! Solves days of the model in OpenDSS (tolerance 1e-9) and with `evaluator`, of the network that was imported of it:
//! the base day, and where it has candidate buses one with three units and two upgraded lines.
ImportCheck check_days(const std::string& master, const DssImportOptions& options, Evaluator& evaluator);

}  // namespace gridqueue

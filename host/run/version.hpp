// What this program is: version, commit, backends.
#pragma once
#include <string>

#include "gridqueue/evaluation.hpp"

namespace gridqueue {

std::string program_version();                                //!< "0.1.0"
std::string program_commit();                                 //!< short hash at configure time, or "unknown"
std::string version_text();                                   //!< for --version
std::string backend_device(const EvaluatorOptions& options);  //!< what the backend runs on, for provenance

}  // namespace gridqueue

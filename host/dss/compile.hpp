// A model as OpenDSS holds it before its day begins.
#pragma once
#include <string>
#include <vector>

#include "host/dss/engine.hpp"

namespace gridqueue {

//! Compiles the master file and runs the commands, whose relative paths count from the model's folder, as in OpenDSS
//! after Compile. That the controls of a solve in the model do not settle is no error: what it leaves is where the
//! snapshot goes on. Throws Error(input) with OpenDSS's complaint, or where a command edits what is not there. Returns
//! patterns of batchedit that no name has.
std::vector<std::string> compile_model(DssEngine& dss, const std::string& master,
                                       const std::vector<std::string>& commands);

//! Taps and capacitors as a day finds them, whatever the model's own commands solved.
void solve_snapshot(DssEngine& dss);

}  // namespace gridqueue

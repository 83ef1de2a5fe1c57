// Solves whose controls do not settle within the rounds that a model allows them.
#pragma once

namespace gridqueue {

//! OpenDSS ends such a solve with "Max Control Iterations Exceeded", an error that stops the script which holds it.
//! While `on`, solves of `context` (of the DSS C-API `library`) end at the same round in the same state, but in peace.
//! For one context at a time.
void let_controls_run_out(void* library, const void* context, bool on);
//! Solves that ended so in this process.
int controls_ran_out();

}  // namespace gridqueue

// CUDA devices that share the work, and the host beside them.
#pragma once
#include "gridqueue/machine.hpp"

namespace gridqueue {

//! Devices of this machine; 0 where none can run.
int devices_present();
//! "" where every device that the options name can run.
std::string devices_problem(const EvaluatorOptions& options);
//! `options`: devices and threads. No device is touched before it is asked for a part.
std::shared_ptr<Machine> make_cuda_machine(const EvaluatorOptions& options);

}  // namespace gridqueue

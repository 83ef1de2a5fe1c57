// The machine that is always there: vectors on threads.
#pragma once
#include "gridqueue/machine.hpp"

namespace gridqueue {

//! `options`: threads, mapping and team size.
std::shared_ptr<Machine> make_cpu_machine(const EvaluatorOptions& options);

}  // namespace gridqueue

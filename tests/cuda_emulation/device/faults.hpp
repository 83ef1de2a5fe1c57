// Calls of the emulated runtime that fail, for tests of what a program does then.
#pragma once
#include <cuda_runtime.h>

#include <cstdint>

namespace cuda_emulation {

enum class After { works, is_lost };

//! The `nth` call of `function` from now on (1: the next one) fails with `error`. A device that is lost, as after a
//! kernel that read a wrong address, does nothing that was queued and answers every later call with the same error.
void fail_call(const char* function, int nth, cudaError_t error, After device = After::works);
//! Every device works again, and no call will fail.
void forget_faults();
//! How often a function was called.
std::uint64_t calls_of(const char* function);

}  // namespace cuda_emulation

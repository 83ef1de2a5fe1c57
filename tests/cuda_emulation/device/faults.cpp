#include "tests/cuda_emulation/device/faults.hpp"

#include <map>
#include <optional>
#include <string>

#include "tests/cuda_emulation/device/runtime.hpp"

namespace cuda_emulation {
namespace {

struct Fault {
  std::string function;
  std::uint64_t call;  //!< counted from the first of the program
  cudaError_t error;
  After device;
};
std::map<std::string, std::uint64_t> calls;
std::optional<Fault> planned;
cudaError_t lost[kDevices] = {};

}  // namespace

cudaError_t lost_with(int device) { return lost[device]; }

cudaError_t called(const char* function) {
  const std::uint64_t number = ++calls[function];
  if (planned && planned->function == function && planned->call == number) {
    const Fault fault = *planned;
    planned.reset();
    if (fault.device == After::is_lost) lost[current_device()] = fault.error;
    return done(fault.error);
  }
  return lost_with(current_device()) == cudaSuccess ? cudaSuccess : done(lost_with(current_device()));
}

void fail_call(const char* function, int nth, cudaError_t error, After device) {
  const Lock lock(runtime().mutex);
  planned = {function, calls[function] + static_cast<std::uint64_t>(nth), error, device};
}

void forget_faults() {
  const Lock lock(runtime().mutex);
  planned.reset();
  for (cudaError_t& error : lost) error = cudaSuccess;
  cudaGetLastError();  // of this thread
}

std::uint64_t calls_of(const char* function) {
  const Lock lock(runtime().mutex);
  return calls[function];
}

}  // namespace cuda_emulation

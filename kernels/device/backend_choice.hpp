// Which backend a piece of work runs on; pure decisions, tested without a GPU.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "gridqueue/evaluation.hpp"

namespace gridqueue {

//! What a device says of itself.
struct DeviceInfo {
  std::string name;
  int major = 0, minor = 0;  //!< compute capability
  std::size_t free_bytes = 0, total_bytes = 0;
  int multiprocessors = 0;
  std::size_t shared_per_multiprocessor = 0, shared_per_block = 0;  //!< [bytes], the latter with opt-in
  int threads_per_multiprocessor = 0;
  double clock_hz = 0, memory_bytes_per_s = 0;
};

//! "" where the device can run the CUDA backend, else what is wrong with it.
std::string device_problem(int device, const DeviceInfo& info);

//! The devices asked for; an empty list means the first. Throws Error(usage) for one named twice.
std::vector<int> wanted_devices(const EvaluatorOptions& options);

struct BackendChoice {
  Backend backend = Backend::cpu;  //!< cpu or cuda
  std::string reason;
};
//! Seconds the CPU needs for so many evaluations of the radial feeder; larger feeders take longer on either backend.
double cpu_seconds(double evaluations, Precision precision, int threads);
//! Resolves Backend::automatic. `probe` says why CUDA cannot run ("" = it can); it starts the driver, so it is asked
//! only where the work is worth a device's start.
BackendChoice choose_backend(const EvaluatorOptions& options, int threads, const std::function<std::string()>& probe);

}  // namespace gridqueue

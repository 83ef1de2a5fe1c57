#include "kernels/device/backend_choice.hpp"

#include <algorithm>

#include "gridqueue/contracts.hpp"
#include "kernels/device/device_day.hpp"

namespace gridqueue {
namespace {

constexpr int kOldestMajor = 8;  //!< the backend is compiled for compute capability 8.0 and later
constexpr std::size_t kLeastFree = std::size_t{256} << 20;  //!< [bytes] context aside, for feeder and buffers
//! Evaluations per second and core (bench/README.md), and what a device's context and module loading take [s].
constexpr double kCpuFloat = 13000, kCpuDouble = 4000, kDeviceStart = 0.5;

}  // namespace

std::string device_problem(int device, const DeviceInfo& info) {
  if (info.major < kOldestMajor)
    return fmt::format("CUDA device {} ({}) has compute capability {}.{} ({}.0 or later is needed)", device, info.name,
                       info.major, info.minor, kOldestMajor);
  if (info.free_bytes < kLeastFree)
    return fmt::format("CUDA device {} ({}) has {} MB of free memory ({} MB are needed)", device, info.name,
                       info.free_bytes >> 20, kLeastFree >> 20);
  return "";
}

std::vector<int> wanted_devices(const EvaluatorOptions& options) {
  if (options.devices.empty()) return {0};
  std::vector<int> sorted = options.devices;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end()) fail(ExitCode::usage, "CUDA device {} is named twice in --devices", *twice);
  return options.devices;
}

double cpu_seconds(double evaluations, Precision precision, int threads) {
  return evaluations / ((precision == Precision::single ? kCpuFloat : kCpuDouble) * std::max(1, threads));
}

BackendChoice choose_backend(const EvaluatorOptions& options, int threads, const std::function<std::string()>& probe) {
  if (options.backend == Backend::cpu) return {Backend::cpu, "asked for"};
  if (options.backend == Backend::cuda) {
    if (const std::string why = probe(); !why.empty())
      fail(ExitCode::unavailable, "the cuda backend cannot run here ({}); use --backend cpu", why);
    return {Backend::cuda, "asked for"};
  }
  const double seconds = cpu_seconds(options.expected_evaluations, options.precision, threads);
  if (seconds < 2 * kDeviceStart)
    return {Backend::cpu,
            fmt::format("about {:.0f} evaluations, {:.2g} s on {} thread(s): less than a device's start is worth",
                        options.expected_evaluations, seconds, threads)};
  if (const std::string why = probe(); !why.empty()) return {Backend::cpu, why};
  return {Backend::cuda, fmt::format("about {:.0f} evaluations, {:.2g} s on {} CPU thread(s)",
                                     options.expected_evaluations, seconds, threads)};
}

std::string backend_unavailable_reason(Backend backend) {
  return backend == Backend::cuda ? cuda_unavailable_reason() : std::string();
}

}  // namespace gridqueue

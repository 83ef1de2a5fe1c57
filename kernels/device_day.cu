// Launches evaluate_day, one evaluation per thread; all it computes stands in the headers the CPU uses too.
#include "kernels/device_day.hpp"

#include "kernels/batch_plan.hpp"
#include "kernels/day.hpp"
#include "kernels/device_feeder.cuh"
#include "kernels/launch.cuh"

namespace gridqueue {
namespace {

template <class Real>
struct DayOfThread {
  FeederView<Real> feeder;
  Real* workspace;  //!< [rows][batch]
  std::int64_t batch;
  __device__ void operator()(std::int64_t i) const {
    evaluate_day<Real>(feeder, Column<Real>{workspace + i, batch});
  }
};

template <class Real>
class CudaDay final : public DeviceDay<Real> {
 public:
  explicit CudaDay(const CompiledFeeder<Real>& feeder) : device_(feeder) {}

  std::size_t batch(std::size_t wanted) override {
    std::size_t free_bytes = 0, total = 0;
    CUDA_CALL(cudaMemGetInfo(&free_bytes, &total));
    return plan_batch(free_bytes + workspace_.size() * sizeof(Real),
                      static_cast<std::size_t>(device_.view().plan.rows) * sizeof(Real), wanted);
  }

  void run(const Real* inputs, std::size_t count, Real* outputs) override {
    const WorkspacePlan& plan = device_.view().plan;
    const std::size_t size = static_cast<std::size_t>(plan.rows) * count;
    if (workspace_.size() < size) {
      workspace_ = DeviceArray<Real>();
      workspace_ = DeviceArray<Real>(size);
    }
    workspace_.copy_from(inputs, static_cast<std::size_t>(plan.voltage) * count);
    const auto n = static_cast<std::int64_t>(count);
    launch(n, DayOfThread<Real>{device_.view(), workspace_.data(), n});
    workspace_.copy_to(outputs, static_cast<std::size_t>(plan.first_output) * count,
                       static_cast<std::size_t>(plan.rows - plan.first_output) * count);
  }

 private:
  DeviceFeeder<Real> device_;
  DeviceArray<Real> workspace_;
};

}  // namespace

std::string cuda_unavailable_reason() {
  int count = 0;
  const cudaError_t status = cudaGetDeviceCount(&count);
  if (status != cudaSuccess) return cudaGetErrorString(status);
  return count > 0 ? "" : "no CUDA device is present";
}

template <class Real>
std::unique_ptr<DeviceDay<Real>> make_device_day(const CompiledFeeder<Real>& feeder) {
  return std::make_unique<CudaDay<Real>>(feeder);
}
template std::unique_ptr<DeviceDay<float>> make_device_day(const CompiledFeeder<float>&);
template std::unique_ptr<DeviceDay<double>> make_device_day(const CompiledFeeder<double>&);

}  // namespace gridqueue

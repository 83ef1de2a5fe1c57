// The kernels' home: which mapping a device runs.
#include "kernels/cuda/device_lanes.cuh"
#include "kernels/cuda/device_team.cuh"
#include "kernels/device/device_day.hpp"

namespace gridqueue {

template <class Real>
std::unique_ptr<DeviceDay<Real>> make_device_day(const CompiledFeeder<Real>& feeder, int device, Mapping mapping) {
  if (mapping != Mapping::lanes) return std::make_unique<TeamDay<Real>>(feeder, device);
  return std::make_unique<LanesDay<Real>>(feeder, device);
}
template std::unique_ptr<DeviceDay<float>> make_device_day(const CompiledFeeder<float>&, int, Mapping);
template std::unique_ptr<DeviceDay<double>> make_device_day(const CompiledFeeder<double>&, int, Mapping);

}  // namespace gridqueue

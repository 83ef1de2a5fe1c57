// The kernels' home: which mapping a device runs.
#include "kernels/device_day.hpp"

#include "kernels/device_lanes.cuh"

namespace gridqueue {

template <class Real>
std::unique_ptr<DeviceDay<Real>> make_device_day(const CompiledFeeder<Real>& feeder, int device, Mapping) {
  return std::make_unique<LanesDay<Real>>(feeder, device);
}
template std::unique_ptr<DeviceDay<float>> make_device_day(const CompiledFeeder<float>&, int, Mapping);
template std::unique_ptr<DeviceDay<double>> make_device_day(const CompiledFeeder<double>&, int, Mapping);

}  // namespace gridqueue

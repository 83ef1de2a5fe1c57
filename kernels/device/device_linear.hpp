// Days of the linearized feeder on a device: rows of inputs in, rows of outputs out, models kept beside.
#pragma once
#include <vector>

#include "kernels/device/device_day.hpp"
#include "kernels/linear/linear_day.hpp"
#include "kernels/linear/linear_rows.hpp"

namespace gridqueue {

//! Input row `rows`.model holds the number of the model that an evaluation belongs to.
template <class Real>
class DeviceLinear : public DeviceDay<Real> {
 public:
  //! Memory for the next model's arrays, aligned to 16 bytes; its address on the device.
  virtual const std::byte* model_home(std::size_t bytes) = 0;
  //! Fills it; models are numbered from 0. The view points into it.
  virtual void send_model(const std::vector<std::byte>& bytes, const LinearView<Real>& view) = 0;
};

//! Keeps at most `most_models`.
template <class Real>
std::unique_ptr<DeviceLinear<Real>> make_device_linear(const CompiledFeeder<Real>& feeder, int device,
                                                       const LinearRows& rows, const LinearMargins<Real>& margins,
                                                       std::size_t most_models);

}  // namespace gridqueue

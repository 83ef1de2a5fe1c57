// Batches of days on a device: rows of inputs in, rows of outputs out. The only thing that needs nvcc.
#pragma once
#include <memory>
#include <string>

#include "kernels/compiled_feeder.hpp"

namespace gridqueue {

template <class Real>
class DeviceDay {
 public:
  virtual ~DeviceDay() = default;
  //! Evaluations that fit at once, at most `wanted`; 0 = none. Sizes in plan_batch.
  virtual std::size_t batch(std::size_t wanted) = 0;
  //! inputs [plan.voltage][count], outputs [plan.rows - plan.first_output][count].
  virtual void run(const Real* inputs, std::size_t count, Real* outputs) = 0;
};

//! "" where a usable device is found, else why not.
std::string cuda_unavailable_reason();

template <class Real>
std::unique_ptr<DeviceDay<Real>> make_device_day(const CompiledFeeder<Real>& feeder);

}  // namespace gridqueue

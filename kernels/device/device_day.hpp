// Batches of days on a device: rows of inputs in, rows of outputs out. The only thing that needs nvcc.
#pragma once
#include <cstddef>
#include <memory>
#include <string>

#include "kernels/device/backend_choice.hpp"
#include "kernels/feeder/compiled_feeder.hpp"

namespace gridqueue {

//! Where the number of (row, evaluation) lies.
struct BatchLayout {
  std::ptrdiff_t row = 1, evaluation = 1;  //!< strides
};

//! A batch's host side: input rows [0, plan.voltage), output rows [plan.first_output, plan.rows).
template <class Real>
struct DayBuffers {
  Real* inputs = nullptr;
  const Real* outputs = nullptr;
  BatchLayout input, output;
};

template <class Real>
class DeviceDay {
 public:
  static constexpr int kSlots = 2;  //!< one batch is filled and read on the host while the other runs

  virtual ~DeviceDay() = default;
  //! Makes the calling thread work on this device.
  virtual void use() = 0;
  [[nodiscard]] virtual std::size_t capacity() const = 0;  //!< evaluations that fit a slot; 0 = none
  [[nodiscard]] virtual std::size_t wave() const = 0;      //!< evaluations that run at once
  //! Buffers of a slot that is not running, valid until the next reserve of this slot.
  virtual DayBuffers<Real> reserve(int slot, std::size_t count) = 0;
  //! Copies in, evaluates, copies out; returns at once.
  virtual void start(int slot, std::size_t count) = 0;
  virtual void wait(int slot) = 0;
  //! Until no slot runs any more, whatever became of them: before a batch is given up, buffers must be nobody's.
  virtual void drain() noexcept = 0;
  //! All that the bits of its answers depend on: the device and the mapping, not its memory or the plan of a launch.
  [[nodiscard]] virtual std::string kind() const = 0;
  //! What runs and how it was planned, for the log.
  [[nodiscard]] virtual std::string description() const = 0;
};

//! "" where a CUDA device is present, else why not.
std::string cuda_unavailable_reason();
int cuda_device_count();
DeviceInfo cuda_device_info(int device);

//! `mapping`: lanes or team. Throws Error for a feeder that a team cannot take.
template <class Real>
std::unique_ptr<DeviceDay<Real>> make_device_day(const CompiledFeeder<Real>& feeder, int device, Mapping mapping);

}  // namespace gridqueue

// A device's slots: page-locked buffers on the host, rows on the device, a stream each.
#pragma once
#include <array>

#include "kernels/cuda/device_feeder.cuh"
#include "kernels/device/batch_plan.hpp"
#include "kernels/device/device_day.hpp"

namespace gridqueue {

//! Rows of a batch on the device: inputs, then (where kernels keep it in global memory) state, then outputs.
struct SlotRows {
  std::int32_t inputs, first_output, rows;
  bool row_major;  //!< [row][evaluation], else [evaluation][row] apart for inputs and outputs
};

//! `Base` is DeviceDay<Real> or adds to it.
template <class Real, class Base = DeviceDay<Real>>
class SlotDay : public Base {
 public:
  SlotDay(const CompiledFeeder<Real>& feeder, int device, SlotRows rows)
      : device_(device), info_((CUDA_CALL(cudaSetDevice(device)), cuda_device_info(device))), feeder_(feeder),
        rows_(rows) {
    constexpr std::size_t slots = DeviceDay<Real>::kSlots;
    capacity_ = plan_capacity(info_.free_bytes, static_cast<std::size_t>(rows.rows) * sizeof(Real), slots);
  }

  ~SlotDay() override { SlotDay::drain(); }  // page-locked memory goes at once, whatever is copied there

  void use() override { CUDA_CALL(cudaSetDevice(device_)); }
  [[nodiscard]] std::size_t capacity() const override { return capacity_; }

  DayBuffers<Real> reserve(int slot, std::size_t count) override {
    Slot& s = slots_[static_cast<std::size_t>(slot)];
    s.input.grow(elements(rows_.inputs, count));
    s.output.grow(elements(outputs(), count));
    s.rows.grow(elements(rows_.rows, count));
    const auto n = static_cast<std::ptrdiff_t>(count);
    if (rows_.row_major) return {s.input.data(), s.output.data(), {n, 1}, {n, 1}};
    return {s.input.data(), s.output.data(), {1, rows_.inputs}, {1, outputs()}};
  }

  void start(int slot, std::size_t count) override {
    Slot& s = slots_[static_cast<std::size_t>(slot)];
    CUDA_CALL(cudaMemcpyAsync(s.rows.data(), s.input.data(), elements(rows_.inputs, count) * sizeof(Real),
                              cudaMemcpyHostToDevice, s.stream.get()));
    evaluate(s.rows.data(), static_cast<std::int64_t>(count), s.stream.get());
    CUDA_CALL(cudaMemcpyAsync(s.output.data(), s.rows.data() + elements(rows_.first_output, count),
                              elements(outputs(), count) * sizeof(Real), cudaMemcpyDeviceToHost, s.stream.get()));
  }

  void wait(int slot) override {
    CUDA_CALL(cudaStreamSynchronize(slots_[static_cast<std::size_t>(slot)].stream.get()));
  }
  void drain() noexcept override {
    for (const Slot& s : slots_) cudaStreamSynchronize(s.stream.get());
    cudaGetLastError();  // what is wrong has been said
  }

 protected:
  //! Launches the kernel on a batch's rows.
  virtual void evaluate(Real* rows, std::int64_t count, cudaStream_t stream) = 0;
  [[nodiscard]] const DeviceInfo& info() const { return info_; }
  [[nodiscard]] const FeederView<Real>& view() const { return feeder_.view(); }

 private:
  struct Slot {
    Stream stream;
    PinnedArray<Real> input, output;
    DeviceArray<Real> rows;
  };
  [[nodiscard]] std::int32_t outputs() const { return rows_.rows - rows_.first_output; }
  static std::size_t elements(std::int32_t rows, std::size_t count) { return static_cast<std::size_t>(rows) * count; }

  int device_;
  DeviceInfo info_;
  DeviceFeeder<Real> feeder_;
  SlotRows rows_;
  std::size_t capacity_ = 0;
  std::array<Slot, DeviceDay<Real>::kSlots> slots_;
};

}  // namespace gridqueue

// Thread = evaluation: launches evaluate_day with rows in global memory; all it computes stands in the headers that the
// CPU uses too.
#pragma once
#include "kernels/ac/day.hpp"
#include "kernels/cuda/device_slots.cuh"
#include "kernels/cuda/launch.cuh"

namespace gridqueue {

//! Feeders that are not general have a kernel of their own: the laws of the others would cost it a third of the threads
//! that a multiprocessor's registers hold (bench/README.md).
template <class Real, bool kGeneral>
struct DayOfThread {
  static constexpr int kBlocksAtOnce = sizeof(Real) == 4 && !kGeneral ? 5 : 0;  // 96 registers instead of 118
  FeederView<Real> feeder;
  Real* workspace;  //!< [rows][batch]
  std::int64_t batch;
  __device__ __forceinline__ void operator()(std::int64_t i) const {
    FeederView<Real> mine = feeder;  // no memory: the compiler follows its members, and these say which laws go
    mine.general = kGeneral ? 1 : 0;
    mine.num_series = 0;  // every line is swept alone on a device
    evaluate_day<Real>(mine, Column<Real>{workspace + i, batch});
  }
};

template <class Real>
class LanesDay final : public SlotDay<Real> {
 public:
  LanesDay(const CompiledFeeder<Real>& feeder, int device)
      : SlotDay<Real>(feeder, device,
                      {feeder.shape.plan.voltage, feeder.shape.plan.first_output, feeder.shape.plan.rows, true}),
        wave_(this->view().general ? waves<true>() : waves<false>()) {}

  [[nodiscard]] std::size_t wave() const override { return wave_; }
  [[nodiscard]] std::string kind() const override { return this->info().name + ", thread = evaluation"; }
  [[nodiscard]] std::string description() const override {
    return kind() + ", " + std::to_string(wave_) + " at once, " + std::to_string(this->capacity()) +
           " per batch at most";
  }

 private:
  void evaluate(Real* rows, std::int64_t count, cudaStream_t stream) override {
    this->view().general ? run<true>(rows, count, stream) : run<false>(rows, count, stream);
  }
  template <bool kGeneral>
  void run(Real* rows, std::int64_t count, cudaStream_t stream) {
    launch(count, DayOfThread<Real, kGeneral>{this->view(), rows, count}, stream);
  }
  template <bool kGeneral>
  [[nodiscard]] std::size_t waves() const {
    return items_at_once<DayOfThread<Real, kGeneral>>(this->info().multiprocessors);
  }

  std::size_t wave_;
};

}  // namespace gridqueue

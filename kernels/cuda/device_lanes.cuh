// Thread = evaluation: launches evaluate_day with rows in global memory; all it computes stands in the headers that the
// CPU uses too.
#pragma once
#include "kernels/ac/day.hpp"
#include "kernels/cuda/device_slots.cuh"
#include "kernels/cuda/launch.cuh"

namespace gridqueue {

template <class Real>
struct DayOfThread {
  FeederView<Real> feeder;
  Real* workspace;  //!< [rows][batch]
  std::int64_t batch;
  __device__ __forceinline__ void operator()(std::int64_t i) const {
    evaluate_day<Real>(feeder, Column<Real>{workspace + i, batch});
  }
};

template <class Real>
class LanesDay final : public SlotDay<Real> {
 public:
  LanesDay(const CompiledFeeder<Real>& feeder, int device)
      : SlotDay<Real>(feeder, device,
                      {feeder.shape.plan.voltage, feeder.shape.plan.first_output, feeder.shape.plan.rows, true}) {}

  [[nodiscard]] std::size_t wave() const override {
    return static_cast<std::size_t>(this->info().multiprocessors) * 1024;  // 64 registers would allow as many threads
  }
  [[nodiscard]] std::string description() const override {
    return this->info().name + ", thread = evaluation, " + std::to_string(this->capacity()) +
           " evaluations per batch at most";
  }

 private:
  void evaluate(Real* rows, std::int64_t count, cudaStream_t stream) override {
    launch(count, DayOfThread<Real>{this->view(), rows, count}, stream);
  }
};

}  // namespace gridqueue

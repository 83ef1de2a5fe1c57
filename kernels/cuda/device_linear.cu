// Thread = evaluation: launches the linearized day with rows in global memory. Threads of a warp may belong to
// different models, but states come sorted by model.
#include "kernels/cuda/device_slots.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/device/device_linear.hpp"

namespace gridqueue {
namespace {

template <class Real>
struct LinearDayOfThread {
  FeederView<Real> feeder;
  const LinearView<Real>* models;
  LinearRows plan;
  LinearMargins<Real> margins;
  Real* rows;  //!< [plan.rows][batch]
  std::int64_t batch;
  __device__ __forceinline__ void operator()(std::int64_t i) const {
    const Column<Real> column{rows + i, batch};
    linear_day_in_rows<Real>(feeder, models[static_cast<std::int32_t>(column[plan.model])], plan, margins, column);
  }
};

template <class Real>
class LinearOnDevice final : public SlotDay<Real, DeviceLinear<Real>> {
 public:
  LinearOnDevice(const CompiledFeeder<Real>& feeder, int device, const LinearRows& rows,
                 const LinearMargins<Real>& margins, std::size_t most_models)
      : SlotDay<Real, DeviceLinear<Real>>(feeder, device, {rows.inputs, rows.first_output, rows.rows, true}),
        plan_(rows), margins_(margins), views_(most_models),
        wave_(items_at_once<LinearDayOfThread<Real>>(this->info().multiprocessors)) {}

  [[nodiscard]] std::size_t wave() const override { return wave_; }
  [[nodiscard]] std::string kind() const override { return this->info().name + ", linearized, thread = evaluation"; }
  [[nodiscard]] std::string description() const override {
    return kind() + ", " + std::to_string(plan_.rows * sizeof(Real)) + " bytes each, " + std::to_string(wave_) +
           " at once, " + std::to_string(this->capacity()) + " per batch at most";
  }

  const std::byte* model_home(std::size_t bytes) override {
    this->use();
    homes_.emplace_back(bytes);
    return homes_.back().data();
  }

  void send_model(const std::vector<std::byte>& bytes, const LinearView<Real>& view) override {
    this->use();
    send_to_device(homes_.back().data(), bytes.data(), bytes.size());
    send_to_device(views_.data() + homes_.size() - 1, &view, sizeof view);
  }

 private:
  void evaluate(Real* rows, std::int64_t count, cudaStream_t stream) override {
    FeederView<Real> feeder = this->view();
    feeder.plan = plan_.work;
    launch(count, LinearDayOfThread<Real>{feeder, views_.data(), plan_, margins_, rows, count}, stream);
  }

  LinearRows plan_;
  LinearMargins<Real> margins_;
  DeviceArray<LinearView<Real>> views_;
  std::vector<DeviceArray<std::byte>> homes_;
  std::size_t wave_;
};

}  // namespace

template <class Real>
std::unique_ptr<DeviceLinear<Real>> make_device_linear(const CompiledFeeder<Real>& feeder, int device,
                                                       const LinearRows& rows, const LinearMargins<Real>& margins,
                                                       std::size_t most_models) {
  return std::make_unique<LinearOnDevice<Real>>(feeder, device, rows, margins, most_models);
}
template std::unique_ptr<DeviceLinear<float>> make_device_linear(const CompiledFeeder<float>&, int, const LinearRows&,
                                                                 const LinearMargins<float>&, std::size_t);
template std::unique_ptr<DeviceLinear<double>> make_device_linear(const CompiledFeeder<double>&, int, const LinearRows&,
                                                                  const LinearMargins<double>&, std::size_t);

}  // namespace gridqueue

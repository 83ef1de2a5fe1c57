#include "kernels/cuda_evaluator.hpp"

#include <cstdio>
#include <cstdlib>

#include "gridqueue/contracts.hpp"
#include "kernels/cpu_evaluator.hpp"
#include "kernels/quantities.hpp"
#include "kernels/state_inputs.hpp"

namespace gridqueue {

[[noreturn]] void cuda_failed(const char* call, const char* reason, const char* file, int line, bool device_lost);

namespace {

template <class Real>
class CudaEvaluator final : public Evaluator {
 public:
  CudaEvaluator(const Network& network, const EvaluatorOptions& options)
      : network_(network), options_(options), host_(make_cpu_evaluator<Real>(network, options)),
        feeder_(compile_feeder<Real>(network, options)), device_(make_device_day<Real>(feeder_)),
        pass_(thresholds(options.limits, nullptr)) {
    StateBatch base;
    base.finish_state(UpgradeSetId(0));
    const std::vector<Quantities> q = evaluate(base);
    pass_ = thresholds(options.limits, &q.front());
  }

  std::vector<Quantities> evaluate(const StateBatch& states) override {
    std::vector<Quantities> results;
    results.reserve(states.size());
    while (results.size() < states.size()) {
      const std::size_t count = device_->batch(states.size() - results.size());
      if (count == 0) fail(ExitCode::unavailable, "the device has too little free memory for one evaluation; use --backend cpu");
      evaluate_batch(states, count, results);
    }
    return results;
  }

  //! Single days are not worth a launch.
  DayTrace trace(const StateBatch& states) override { return host_->trace(states); }
  [[nodiscard]] const Network& network() const override { return network_; }
  [[nodiscard]] const EvaluatorOptions& options() const override { return options_; }

 private:
  void evaluate_batch(const StateBatch& states, std::size_t count, std::vector<Quantities>& results) {
    const WorkspacePlan& plan = feeder_.shape.plan;
    const std::size_t first = results.size();
    inputs_.resize(static_cast<std::size_t>(plan.voltage) * count);
    outputs_.resize(static_cast<std::size_t>(plan.rows - plan.first_output) * count);
    for (std::size_t i = 0; i < count; ++i)
      write_inputs(feeder_, network_, options_.upgrade_factor, states, first + i,
                   [&](std::int32_t row, Real x) { inputs_[static_cast<std::size_t>(row) * count + i] = x; });
    device_->run(inputs_.data(), count, outputs_.data());
    for (std::size_t i = 0; i < count; ++i)
      results.push_back(read_quantities(
          feeder_, network_,
          RowReader<Real>{outputs_.data() + i, static_cast<std::ptrdiff_t>(count), plan.first_output}, options_.limits,
          pass_));
  }

  const Network& network_;
  EvaluatorOptions options_;
  std::unique_ptr<Evaluator> host_;  //!< traces
  CompiledFeeder<Real> feeder_;
  std::unique_ptr<DeviceDay<Real>> device_;
  Thresholds pass_;
  std::vector<Real> inputs_, outputs_;
};

}  // namespace

void cuda_failed(const char* call, const char* reason, const char* file, int line, bool device_lost) {
  if (device_lost) {
    fmt::print(stderr, "gridqueue: {} failed: {} ({}:{}); the device is lost\n", call, reason, file, line);
    std::abort();
  }
  fail(ExitCode::unavailable, "{} failed: {} ({}:{})", call, reason, file, line);
}

template <class Real>
std::unique_ptr<Evaluator> make_cuda_evaluator(const Network& network, const EvaluatorOptions& options) {
  return std::make_unique<CudaEvaluator<Real>>(network, options);
}
template std::unique_ptr<Evaluator> make_cuda_evaluator<float>(const Network&, const EvaluatorOptions&);
template std::unique_ptr<Evaluator> make_cuda_evaluator<double>(const Network&, const EvaluatorOptions&);

}  // namespace gridqueue

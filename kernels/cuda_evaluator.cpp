#include "kernels/cuda_evaluator.hpp"

#include <spdlog/spdlog.h>

#include <cstdio>
#include <cstdlib>

#include "gridqueue/contracts.hpp"
#include "kernels/cpu_evaluator.hpp"
#include "kernels/device_batches.hpp"
#include "kernels/state_inputs.hpp"

namespace gridqueue {

[[noreturn]] void cuda_failed(const char* call, const char* reason, const char* file, int line, bool device_lost);

namespace {

template <class Real>
class BatchedEvaluator final : public Evaluator {
 public:
  BatchedEvaluator(const Network& network, const EvaluatorOptions& options, DeviceDays<Real> devices)
      : network_(network), options_(options), host_(make_cpu_evaluator<Real>(network, options)),
        feeder_(compile_feeder<Real>(network, options)), devices_(std::move(devices)),
        pass_(thresholds(options.limits, nullptr)) {
    StateBatch base;
    base.finish_state(UpgradeSetId(0));
    const std::vector<Quantities> q = evaluate(base);
    pass_ = thresholds(options.limits, &q.front());
  }

  std::vector<Quantities> evaluate(const StateBatch& states) override {
    check_inputs(feeder_, network_, states);  // errors must not leave the parallel regions
    std::vector<Quantities> results(states.size());
    run_batches<Real>(
        devices_, {feeder_.shape.plan.first_output, options_.threads}, states.size(),
        [&](std::size_t i, const RowWriter<Real>& row) {
          write_inputs(feeder_, network_, options_.upgrade_factor, states, i,
                       [&](std::int32_t r, Real x) { row[r] = x; });
        },
        [&](std::size_t i, const RowReader<Real>& row) {
          results[i] = read_quantities(feeder_, network_, row, options_.limits, pass_);
        });
    return results;
  }

  [[nodiscard]] std::size_t width() const override {
    std::size_t all = 0;
    for (const auto& d : devices_) all += d->wave();
    return all;
  }
  //! Single days are not worth a launch.
  DayTrace trace(const StateBatch& states) override { return host_->trace(states); }
  [[nodiscard]] const Network& network() const override { return network_; }
  [[nodiscard]] const EvaluatorOptions& options() const override { return options_; }

 private:
  const Network& network_;
  EvaluatorOptions options_;
  std::unique_ptr<Evaluator> host_;  //!< traces
  CompiledFeeder<Real> feeder_;
  DeviceDays<Real> devices_;
  Thresholds pass_;
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
std::unique_ptr<Evaluator> make_batched_evaluator(const Network& network, const EvaluatorOptions& options,
                                                  DeviceDays<Real> devices) {
  return std::make_unique<BatchedEvaluator<Real>>(network, options, std::move(devices));
}

template <class Real>
std::unique_ptr<Evaluator> make_cuda_evaluator(const Network& network, const EvaluatorOptions& options) {
  const CompiledFeeder<Real> feeder = compile_feeder<Real>(network, options);
  DeviceDays<Real> devices;
  for (int d : wanted_devices(options)) {
    devices.push_back(make_device_day<Real>(feeder, d, options.mapping));
    spdlog::info("CUDA device {}: {}", d, devices.back()->description());
  }
  EvaluatorOptions chosen = options;
  chosen.backend = Backend::cuda;
  return make_batched_evaluator<Real>(network, chosen, std::move(devices));
}

template std::unique_ptr<Evaluator> make_batched_evaluator<float>(const Network&, const EvaluatorOptions&,
                                                                  DeviceDays<float>);
template std::unique_ptr<Evaluator> make_batched_evaluator<double>(const Network&, const EvaluatorOptions&,
                                                                   DeviceDays<double>);
template std::unique_ptr<Evaluator> make_cuda_evaluator<float>(const Network&, const EvaluatorOptions&);
template std::unique_ptr<Evaluator> make_cuda_evaluator<double>(const Network&, const EvaluatorOptions&);

}  // namespace gridqueue

#include "kernels/cuda_evaluator.hpp"

#include <omp.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <thread>

#include "gridqueue/contracts.hpp"
#include "kernels/batch_plan.hpp"
#include "kernels/cpu_evaluator.hpp"
#include "kernels/quantities.hpp"
#include "kernels/state_inputs.hpp"

namespace gridqueue {

[[noreturn]] void cuda_failed(const char* call, const char* reason, const char* file, int line, bool device_lost);

namespace {

//! Evaluations below which more host threads are not worth their start.
constexpr std::int64_t kHostGrain = 512;

template <class Real>
class BatchedEvaluator final : public Evaluator {
 public:
  BatchedEvaluator(const Network& network, const EvaluatorOptions& options, DeviceDays<Real> devices)
      : network_(network), options_(options), host_(make_cpu_evaluator<Real>(network, options)),
        feeder_(compile_feeder<Real>(network, options)), devices_(std::move(devices)),
        pass_(thresholds(options.limits, nullptr)) {
    options_.backend = Backend::cuda;
    StateBatch base;
    base.finish_state(UpgradeSetId(0));
    const std::vector<Quantities> q = evaluate(base);
    pass_ = thresholds(options.limits, &q.front());
  }

  std::vector<Quantities> evaluate(const StateBatch& states) override {
    check_inputs(feeder_, network_, states);  // errors must not leave the parallel regions
    Round round{states, std::vector<Quantities>(states.size()), 0, 0};
    std::size_t wave = 1, capacity = SIZE_MAX;
    for (const auto& d : devices_) {
      wave = std::max(wave, d->wave());
      capacity = std::min(capacity, d->capacity());
    }
    if (capacity == 0) fail(ExitCode::unavailable, "the device has too little free memory for one evaluation; use --backend cpu");
    round.batch = plan_batch(states.size(), devices_.size(), wave, capacity);
    run_on_all(round);
    return std::move(round.results);
  }

  //! Single days are not worth a launch.
  DayTrace trace(const StateBatch& states) override { return host_->trace(states); }
  [[nodiscard]] const Network& network() const override { return network_; }
  [[nodiscard]] const EvaluatorOptions& options() const override { return options_; }

 private:
  //! One call of evaluate: devices take batches until none is left.
  struct Round {
    const StateBatch& states;
    std::vector<Quantities> results;
    std::size_t batch;
    std::atomic<std::size_t> next;
    Round(const StateBatch& s, std::vector<Quantities> r, std::size_t b, std::size_t n)
        : states(s), results(std::move(r)), batch(b), next(n) {}
  };
  //! A batch on its way through a slot of a device.
  struct Flight {
    std::size_t first = 0, count = 0;
    DayBuffers<Real> buffers;
  };

  //! A host thread per device; the first error of any is thrown.
  void run_on_all(Round& round) {
    std::vector<std::exception_ptr> errors(devices_.size());
    const auto work = [&](std::size_t d) {
      try {
        run_on(*devices_[d], round);
      } catch (...) {
        errors[d] = std::current_exception();
      }
    };
    std::vector<std::thread> others;
    for (std::size_t d = 1; d < devices_.size(); ++d) others.emplace_back(work, d);
    work(0);
    for (std::thread& t : others) t.join();
    for (const auto& e : errors)
      if (e) std::rethrow_exception(e);
  }

  //! While one slot's batch is copied and computed, the other's is read and filled here.
  void run_on(DeviceDay<Real>& device, Round& round) {
    device.use();
    Flight flights[DeviceDay<Real>::kSlots];
    int slot = 0;
    const auto land = [&](int s) {
      if (flights[s].count == 0) return;
      device.wait(s);
      read(flights[s], round);
      flights[s].count = 0;
    };
    for (;; slot = (slot + 1) % DeviceDay<Real>::kSlots) {
      const std::size_t first = round.next.fetch_add(round.batch);
      if (first >= round.states.size()) break;
      land(slot);
      Flight& f = flights[slot];
      f.first = first;
      f.count = std::min(round.batch, round.states.size() - first);
      f.buffers = device.reserve(slot, f.count);
      fill(f, round.states);
      device.start(slot, f.count);
    }
    for (int i = 0; i < DeviceDay<Real>::kSlots; ++i) land((slot + i) % DeviceDay<Real>::kSlots);
  }

  [[nodiscard]] int host_threads(std::size_t count) const {
    const int all = options_.threads > 0 ? options_.threads : omp_get_max_threads();
    const auto useful = static_cast<std::int64_t>(count) / kHostGrain + 1;
    return static_cast<int>(std::clamp<std::int64_t>(all / static_cast<int>(devices_.size()), 1, useful));
  }

  void fill(const Flight& f, const StateBatch& states) const {
#pragma omp parallel for num_threads(host_threads(f.count)) schedule(static)
    for (std::size_t i = 0; i < f.count; ++i)
      write_inputs(feeder_, network_, options_.upgrade_factor, states, f.first + i, [&](std::int32_t row, Real x) {
        f.buffers.inputs[row * f.buffers.input.row + static_cast<std::ptrdiff_t>(i) * f.buffers.input.evaluation] = x;
      });
  }

  void read(const Flight& f, Round& round) const {
    const std::int32_t first_row = feeder_.shape.plan.first_output;
#pragma omp parallel for num_threads(host_threads(f.count)) schedule(static)
    for (std::size_t i = 0; i < f.count; ++i) {
      const Real* mine = f.buffers.outputs + static_cast<std::ptrdiff_t>(i) * f.buffers.output.evaluation;
      round.results[f.first + i] = read_quantities(feeder_, network_, RowReader<Real>{mine, f.buffers.output.row, first_row},
                                                   options_.limits, pass_);
    }
  }

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
  return make_batched_evaluator<Real>(network, options, std::move(devices));
}

template std::unique_ptr<Evaluator> make_batched_evaluator<float>(const Network&, const EvaluatorOptions&, DeviceDays<float>);
template std::unique_ptr<Evaluator> make_batched_evaluator<double>(const Network&, const EvaluatorOptions&, DeviceDays<double>);
template std::unique_ptr<Evaluator> make_cuda_evaluator<float>(const Network&, const EvaluatorOptions&);
template std::unique_ptr<Evaluator> make_cuda_evaluator<double>(const Network&, const EvaluatorOptions&);

}  // namespace gridqueue

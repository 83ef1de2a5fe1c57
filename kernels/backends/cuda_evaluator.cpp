#include "kernels/backends/cuda_evaluator.hpp"

#include <fmt/format.h>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "gridqueue/machine.hpp"
#include "kernels/ac/answer_rows.hpp"
#include "kernels/ac/cpu_evaluator.hpp"
#include "kernels/device/device_batches.hpp"
#include "kernels/feeder/state_inputs.hpp"
#include "kernels/team/mapping_plan.hpp"

namespace gridqueue {

[[noreturn]] void cuda_failed(const char* call, const char* reason, const char* file, int line, bool device_lost);

namespace {

template <class Real>
class BatchedEvaluator final : public Evaluator, public AnswerSource {
 public:
  BatchedEvaluator(const Network& network, const EvaluatorOptions& options, const MakeDays<Real>& make_days)
      : network_(network), options_(every_line_alone(options)), host_(make_cpu_evaluator<Real>(network, options_)),
        pass_(host_->thresholds()), feeder_(compile_feeder<Real>(network, options_, kept_for(pass_))),
        devices_(make_days(feeder_)) {
    GQ_EXPECT(feeder_.shape.num_series == 0);  // DayOfThread relies on it
    StateBatch base;  // the devices' own: a rounding may cost a step above a rating, which is more than the tolerance
    base.finish_state(UpgradeSetId(0));
    bool converged = false;
    run(base, [&](std::size_t, const RowReader<Real>& row) {
      converged = admit_base_case(feeder_, network_, row, options_.limits, pass_);
    });
    if (!converged)
      fail(ExitCode::numerics, "the base case of feeder '{}' does not converge on a device", network.name);
  }

  //! A team's lanes hold every bus.
  static EvaluatorOptions every_line_alone(EvaluatorOptions options) {
    options.only_sites = false;
    return options;
  }

  std::vector<Quantities> evaluate(const StateBatch& states) override { return evaluate_into(states, nullptr); }
  std::vector<Quantities> evaluate(const StateBatch& states, std::vector<Answer>& answers) override {
    answers.resize(states.size());
    return evaluate_into(states, answers.data());
  }
  [[nodiscard]] Quantities judge(std::span<const std::uint8_t> answer) const override {
    return judge_answer(feeder_, network_, answer, options_.limits, pass_);
  }
  [[nodiscard]] std::string answer_terms() const override {
    return gridqueue::answer_terms(feeder_, options_, pass_, devices_.front()->kind());
  }
  [[nodiscard]] AnswerSource* answer_source() override { return this; }

  [[nodiscard]] std::size_t width() const override {
    std::size_t all = 0;
    for (const auto& d : devices_) all += d->wave();
    return all;
  }
  //! Single days are not worth a launch.
  DayTrace trace(const StateBatch& states) override { return host_->trace(states); }
  [[nodiscard]] const Network& network() const override { return network_; }
  [[nodiscard]] const EvaluatorOptions& options() const override { return options_; }
  [[nodiscard]] const Thresholds& thresholds() const override { return pass_; }

 private:
  //! `answers`: null, or [size].
  std::vector<Quantities> evaluate_into(const StateBatch& states, Answer* answers) {
    check_inputs(feeder_, network_, states);  // errors must not leave the parallel regions
    std::vector<Quantities> results(states.size());
    run(states, [&](std::size_t i, const RowReader<Real>& row) {
      results[i] = read_quantities(feeder_, network_, row, options_.limits, pass_);
      if (answers) answers[i] = pack_answer(feeder_, row, options_.limits, pass_);
    });
    return results;
  }
  template <class Read>
  void run(const StateBatch& states, const Read& read) {
    run_batches<Real>(
        devices_, {feeder_.shape.plan.first_output, options_.threads}, states.size(),
        [&](std::size_t i, const RowWriter<Real>& row) {
          write_inputs(feeder_, network_, options_.upgrade_factor, states, i,
                       [&](std::int32_t r, Real x) { row[r] = x; });
        },
        read);
  }

  const Network& network_;
  EvaluatorOptions options_;
  std::unique_ptr<Evaluator> host_;  //!< traces
  Thresholds pass_;
  CompiledFeeder<Real> feeder_;
  DeviceDays<Real> devices_;
};

}  // namespace

void cuda_failed(const char* call, const char* reason, const char* file, int line, bool device_lost) {
  throw DeviceFailed(fmt::format("{} failed: {} ({}:{}){}", call, reason, file, line,
                                 device_lost ? "; the device is lost for this process" : ""));
}

template <class Real>
std::unique_ptr<Evaluator> make_batched_evaluator(const Network& network, const EvaluatorOptions& options,
                                                  const MakeDays<Real>& make_days) {
  return std::make_unique<BatchedEvaluator<Real>>(network, options, make_days);
}

namespace {

template <class Real>
DeviceDays<Real> make_days(const CompiledFeeder<Real>& feeder, const std::vector<int>& devices, Mapping mapping) {
  DeviceDays<Real> days;
  for (int d : devices) days.push_back(make_device_day<Real>(feeder, d, mapping));
  return days;
}

//! Automatic: teams wherever the feeder and all devices allow it: their counted limit is twice that of lanes, and a
//! batch of some thousands fills them (bench/README.md).
template <class Real>
Mapping choose_mapping(const CompiledFeeder<Real>& feeder, const std::vector<int>& devices, Mapping wanted) {
  if (wanted != Mapping::automatic) return wanted;
  std::vector<DeviceInfo> infos;
  for (int d : devices) infos.push_back(cuda_device_info(d));
  const MappingPlan plan = plan_mapping(feeder, infos);
  log_info("{}", plan.reason);
  return plan.mapping;
}

}  // namespace

template <class Real>
std::unique_ptr<Evaluator> make_cuda_evaluator(const Network& network, const EvaluatorOptions& options) {
  const std::vector<int> numbers = wanted_devices(options);
  return make_batched_evaluator<Real>(network, options, [&](const CompiledFeeder<Real>& feeder) {
    DeviceDays<Real> devices = make_days(feeder, numbers, choose_mapping(feeder, numbers, options.mapping));
    for (std::size_t d = 0; d < devices.size(); ++d)
      log_info("CUDA device {}: {}", numbers[d], devices[d]->description());
    return devices;
  });
}

template std::unique_ptr<Evaluator> make_batched_evaluator<float>(const Network&, const EvaluatorOptions&,
                                                                  const MakeDays<float>&);
template std::unique_ptr<Evaluator> make_batched_evaluator<double>(const Network&, const EvaluatorOptions&,
                                                                   const MakeDays<double>&);
template std::unique_ptr<Evaluator> make_cuda_evaluator<float>(const Network&, const EvaluatorOptions&);
template std::unique_ptr<Evaluator> make_cuda_evaluator<double>(const Network&, const EvaluatorOptions&);

}  // namespace gridqueue

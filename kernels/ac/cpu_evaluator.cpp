#include "kernels/ac/cpu_evaluator.hpp"

#include <omp.h>

#include <algorithm>

#include "kernels/ac/answer_rows.hpp"
#include "kernels/ac/day.hpp"
#include "kernels/ac/unsolved.hpp"
#include "kernels/feeder/state_inputs.hpp"
#include "kernels/lane/cpu_workspace.hpp"

namespace gridqueue {
namespace {

//! One lane after a run of equal steps.
struct RunTrace {
  std::vector<double> voltage;  //!< [2 * num_nodes] per unit
  std::vector<int> tap, capacitor;
  Quantities extremes;
};

template <class Lane>
RowReader<RealOf<Lane>> row_of(const Lane* w, std::size_t lane) {
  return {reinterpret_cast<const RealOf<Lane>*>(w) + lane, LaneTraits<Lane>::width};
}

//! Evaluations with and without a trace are one instantiation of the day: it is what takes longest to compile.
template <class Real>
struct TraceRecorder {
  const CompiledFeeder<Real>& feeder;
  const Network& network;
  const FeederView<Real>& f;
  std::vector<RunTrace>* runs = nullptr;  //!< none: nothing is recorded
  template <class Rows, class Lane>
  void operator()(std::int32_t, const Rows& w, Extrema<Lane>& e) const {
    if (runs != nullptr) record(w, e);
  }
  template <class Rows, class Lane>
  [[gnu::noinline]] void record(const Rows& w, Extrema<Lane>& e) const {
    RunTrace r;
    for (std::int32_t n = 0; n < 2 * f.num_nodes; ++n)
      r.voltage.push_back(static_cast<double>(w[f.plan.voltage + n][0]));
    for (std::int32_t i = 0; i < f.num_regulators; ++i) r.tap.push_back(static_cast<int>(w[f.plan.tap + i][0]));
    for (std::int32_t i = 0; i < f.num_capacitors; ++i)
      r.capacitor.push_back(static_cast<int>(std::max(w[f.plan.capacitor + i][0], Real(0))));
    finish_day<Lane>(f, w, e, MaskOf<Lane>(false), Lane(Real(0)));
    r.extremes = read_extremes(feeder, network, row_of(w.data, 0));
    start_outputs<Lane>(f, w, e);
    runs->push_back(std::move(r));
  }
};

template <class Real>
class CpuEvaluator final : public Evaluator, public AnswerSource {
 public:
  using Lane = NativeLane<Real>;
  static constexpr std::size_t kWidth = LaneTraits<Lane>::width;

  CpuEvaluator(const Network& network, const EvaluatorOptions& options)
      : network_(network), options_(options), feeder_(compile_feeder<Real>(network, options, Keep::base_case)),
        view_(feeder_.view()), pass_(options.limits) {
    StateBatch base;
    base.finish_state(UpgradeSetId(0));
    const auto workspace = make_workspace<Lane>(view_.plan.rows);
    write_group(base, 0, 1, workspace.get());
    run_day(workspace.get());
    if (!admit_base_case(feeder_, network, row_of(workspace.get(), 0), options.limits, pass_))
      fail(ExitCode::numerics, "the base case of feeder '{}' {}", network.name,
           describe(network, trace(base).unsolved.value()));
    feeder_ = compile_feeder<Real>(network, options, kept_for(pass_));
    view_ = feeder_.view();
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
    return gridqueue::answer_terms(feeder_, options_, pass_, numeric_build());
  }
  [[nodiscard]] AnswerSource* answer_source() override { return this; }

  //! A vector on every thread.
  [[nodiscard]] std::size_t width() const override {
    return kWidth * static_cast<std::size_t>(options_.threads > 0 ? options_.threads : omp_get_max_threads());
  }
  [[nodiscard]] std::size_t lanes() const override { return kWidth; }
  DayTrace trace(const StateBatch& states) override {
    const auto workspace = make_workspace<Lane>(view_.plan.rows);
    std::vector<RunTrace> runs;
    write_group(states, 0, 1, workspace.get());
    run_day(workspace.get(), &runs);
    std::optional<Unsolved> unsolved;
    if (row_of(workspace.get(), 0)(view_.plan.scalar + s_failed) > 0) {
      const StepRecord<Real>& step = feeder_.step[runs.size() - 1];
      unsolved = find_unsolved<Lane>(view_, network_, step, workspace.get());
      runs.pop_back();
    }
    DayTrace day = expand(runs);
    day.unsolved = unsolved;
    return day;
  }

  [[nodiscard]] const Network& network() const override { return network_; }
  [[nodiscard]] const EvaluatorOptions& options() const override { return options_; }
  [[nodiscard]] const Thresholds& thresholds() const override { return pass_; }

 private:
  //! `answers`: null, or [size].
  std::vector<Quantities> evaluate_into(const StateBatch& states, Answer* answers) {
    std::vector<Quantities> results(states.size());
    const auto groups = static_cast<std::int64_t>((states.size() + kWidth - 1) / kWidth);
    check_inputs(feeder_, network_, states);  // errors must not leave the parallel region
    const int threads = std::max(1, std::min<int>(options_.threads > 0 ? options_.threads : omp_get_max_threads(),
                                                  static_cast<int>(std::min<std::int64_t>(groups, 4096))));
#pragma omp parallel num_threads(threads)
    {
      const auto workspace = make_workspace<Lane>(view_.plan.rows);
#pragma omp for schedule(dynamic, 1)
      for (std::int64_t g = 0; g < groups; ++g)
        evaluate_group(states, static_cast<std::size_t>(g) * kWidth, workspace.get(), results, answers);
    }
    return results;
  }

  void run_day(Lane* w, std::vector<RunTrace>* runs = nullptr) const {
    evaluate_day<Lane>(view_, DenseColumn<Lane>{w}, TraceRecorder<Real>{feeder_, network_, view_, runs});
  }
  //! Lanes beyond the batch repeat its last state, so that they add no work of their own.
  void write_group(const StateBatch& states, std::size_t first, std::size_t count, Lane* w) const {
    for (std::size_t lane = 0; lane < kWidth; ++lane)
      write_inputs(feeder_, network_, options_.upgrade_factor, states, first + std::min(lane, count - 1),
                   [&](std::int32_t row, Real x) { w[row].set(static_cast<int>(lane), x); });
  }

  void evaluate_group(const StateBatch& states, std::size_t first, Lane* w, std::vector<Quantities>& results,
                      Answer* answers) const {
    const std::size_t count = std::min(kWidth, states.size() - first);
    write_group(states, first, count, w);
    run_day(w);
    for (std::size_t lane = 0; lane < count; ++lane) {
      results[first + lane] = read_quantities(feeder_, network_, row_of(w, lane), options_.limits, pass_);
      if (answers) answers[first + lane] = pack_answer(feeder_, row_of(w, lane), options_.limits, pass_);
    }
  }

  //! From runs of equal steps to all steps, in volts.
  DayTrace expand(const std::vector<RunTrace>& runs) const {
    DayTrace day;
    for (std::size_t run = 0; run < runs.size(); ++run)
      for (int i = 0; i < static_cast<int>(feeder_.step[run].weight); ++i) {
        for (std::size_t n = 0; n < feeder_.bus_of_node.size(); ++n) {
          const double base = network_.buses[static_cast<std::size_t>(feeder_.bus_of_node[n])].kv_base * 1e3;
          day.voltage.emplace_back(runs[run].voltage[2 * n] * base, runs[run].voltage[2 * n + 1] * base);
        }
        day.tap.insert(day.tap.end(), runs[run].tap.begin(), runs[run].tap.end());
        day.capacitor.insert(day.capacitor.end(), runs[run].capacitor.begin(), runs[run].capacitor.end());
        day.extremes.push_back(runs[run].extremes);
        if (i > 0) day.extremes.back()[limit_vdiff] = {};  // nothing changes within a run
      }
    return day;
  }

  const Network& network_;
  EvaluatorOptions options_;
  CompiledFeeder<Real> feeder_;
  FeederView<Real> view_;
  Thresholds pass_;
};

}  // namespace

template <class, class Real>
std::unique_ptr<Evaluator> make_vector_evaluator(const Network& network, const EvaluatorOptions& options) {
  return std::make_unique<CpuEvaluator<Real>>(network, options);
}

template std::unique_ptr<Evaluator> make_vector_evaluator<Vectors, float>(const Network&, const EvaluatorOptions&);
template std::unique_ptr<Evaluator> make_vector_evaluator<Vectors, double>(const Network&, const EvaluatorOptions&);

}  // namespace gridqueue

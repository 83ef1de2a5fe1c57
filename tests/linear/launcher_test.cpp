// The linearized feeder's launchers: the same answers from vectors, from emulated devices and, where one is here, a
// GPU.
#include <gtest/gtest.h>

#include "../kernels/support.hpp"
#include "gridqueue/machine.hpp"
#include "host/linear/linear_model.hpp"
#include "kernels/backends/linear_cuda.hpp"
#include "kernels/lane/portable.hpp"

namespace gridqueue {
namespace {

//! A device in plain C++: runs a batch when it is waited for, so that results read too early are wrong.
class EmulatedLinear final : public DeviceLinear<double> {
 public:
  EmulatedLinear(const CompiledFeeder<double>& feeder, const LinearRows& rows, const LinearMargins<double>& margins,
                 std::size_t capacity)
      : view_(feeder.view()), rows_(rows), margins_(margins), capacity_(capacity) {
    view_.plan = rows.work;
  }
  void use() override {}
  [[nodiscard]] std::size_t capacity() const override { return capacity_; }
  [[nodiscard]] std::size_t wave() const override { return 3; }
  DayBuffers<double> reserve(int slot, std::size_t count) override {
    EXPECT_FALSE(running_[slot]);
    memory_[slot].assign(static_cast<std::size_t>(rows_.rows) * count, -7.0);
    const auto n = static_cast<std::ptrdiff_t>(count);
    return {memory_[slot].data(), memory_[slot].data() + rows_.first_output * n, {n, 1}, {n, 1}};
  }
  void start(int slot, std::size_t count) override {
    EXPECT_LE(count, capacity_);
    running_[slot] = count;
  }
  void wait(int slot) override {
    for (std::size_t i = 0; i < running_[slot]; ++i) {
      const Column<double> column{memory_[slot].data() + i, static_cast<std::int64_t>(running_[slot])};
      linear_day_in_rows<double>(view_, models_.at(static_cast<std::size_t>(column[rows_.model])), rows_, margins_,
                                 column);
    }
    running_[slot] = 0;
  }
  const std::byte* model_home(std::size_t bytes) override {
    homes_.push_back(std::make_unique<std::byte[]>(bytes));
    return homes_.back().get();
  }
  void send_model(const std::vector<std::byte>& bytes, const LinearView<double>& view) override {
    std::copy(bytes.begin(), bytes.end(), homes_.back().get());
    models_.push_back(view);
  }
  void drain() noexcept override {}
  [[nodiscard]] std::string kind() const override { return "emulated"; }
  [[nodiscard]] std::string description() const override { return "emulated"; }

 private:
  FeederView<double> view_;
  LinearRows rows_;
  LinearMargins<double> margins_;
  std::size_t capacity_;
  std::vector<double> memory_[kSlots];
  std::size_t running_[kSlots] = {};
  std::vector<std::unique_ptr<std::byte[]>> homes_;
  std::vector<LinearView<double>> models_;
};

struct Answers {
  std::vector<Quantities> quantities;
  std::vector<std::uint32_t> near_limit;
};

class Launchers {
 public:
  explicit Launchers(StateBatch states)
      : states_(std::move(states)), options_(radial_options(Backend::cpu, Precision::dual, 2)),
        feeder_(compile_feeder<double>(radial(), options_)) {
    rules_ = {options_.limits, Thresholds(options_.limits), &margins_};
    const LinearAssembler assembler(radial(), feeder_, options_.upgrade_factor,
                                    make_linear_plan(radial(), feeder_, states_.der_site));
    const auto points =
        base_points(feeder_, radial(), options_.upgrade_factor, states_.upgrade_sets, assembler.plan().levels);
    const auto solver = make_cpu_response_solver();
    for (std::size_t s = 0; s < points.size(); ++s)
      models_.push_back(
          assembler.model<double>(states_.upgrade_sets[s], points[s],
                                  solver->responses(assembler.systems(states_.upgrade_sets[s], points[s]))));
  }

  void screen(bool on) { rules_.screening = on ? &margins_ : nullptr; }
  [[nodiscard]] const LinearModel<double>& model(std::size_t i) const { return models_[i]; }
  [[nodiscard]] const CompiledFeeder<double>& feeder() const { return feeder_; }

  Answers on_cpu() { return run(*make_cpu_linear_launcher<double>(feeder_, radial(), rules_, 2)); }
  template <class Vectors>
  Answers on_vectors() {
    return run(*make_vector_linear_launcher<Vectors, double>(feeder_, radial(), rules_, 2));
  }
  Answers on_emulated(std::size_t devices, std::size_t capacity) {
    return run(*make_device_linear_launcher<double>(
        feeder_, radial(), rules_, 2, [&](const LinearRows& rows, const LinearMargins<double>& margins) {
          std::vector<std::unique_ptr<DeviceLinear<double>>> all;
          for (std::size_t d = 0; d < devices; ++d)
            all.push_back(std::make_unique<EmulatedLinear>(feeder_, rows, margins, capacity));
          return all;
        }));
  }
  Answers on_cuda() {
    EvaluatorOptions options = options_;
    options.backend = Backend::cuda;
    return run(*choose_machine(options)->linear_launcher(feeder_, radial(), rules_));
  }

 private:
  //! Twice, the second time after clear().
  Answers run(LinearLauncher<double>& launcher) {
    Answers a;
    for (int round = 0; round < 2; ++round) {
      std::vector<std::vector<std::size_t>> by_set(models_.size());
      for (std::size_t i = 0; i < states_.size(); ++i) by_set[states_.upgrade_set[i].index()].push_back(i);
      std::vector<LinearJob> jobs;
      for (std::size_t s = 0; s < models_.size(); ++s) jobs.push_back({launcher.keep(models_[s]), &by_set[s]});
      a = {std::vector<Quantities>(states_.size()), std::vector<std::uint32_t>(states_.size(), 7)};
      launcher.evaluate(states_, jobs, a.quantities, a.near_limit);
      if (round == 0) launcher.clear();
    }
    return a;
  }

  StateBatch states_;
  EvaluatorOptions options_;
  CompiledFeeder<double> feeder_;
  ScreeningMargins margins_;
  LinearRules rules_;
  std::vector<LinearModel<double>> models_;
};

void expect_same(const Answers& a, const Answers& b) {
  EXPECT_EQ(a.near_limit, b.near_limit);
  for (std::size_t i = 0; i < a.quantities.size(); ++i) {
    const Quantities &x = a.quantities[i], &y = b.quantities[i];
    EXPECT_EQ(x.violations, y.violations) << i;
    EXPECT_NEAR(x[limit_vdiff].value, y[limit_vdiff].value, 1e-8) << i;
    EXPECT_NEAR(x[limit_vmax].value, y[limit_vmax].value, 1e-10) << i;
    EXPECT_NEAR(x[limit_vmin].value, y[limit_vmin].value, 1e-10) << i;
    EXPECT_NEAR(x[limit_emergency].value, y[limit_emergency].value, 1e-8) << i;
    EXPECT_EQ(x.taps_min, y.taps_min) << i;
    EXPECT_EQ(x.taps_max, y.taps_max) << i;
    EXPECT_EQ(x.vdiff_buses, y.vdiff_buses) << i;
    EXPECT_EQ(x.overloaded_branches, y.overloaded_branches) << i;
    for (std::size_t area = 0; area < x.areas.size(); ++area)
      EXPECT_NEAR(x.areas[area].p.max, y.areas[area].p.max, 1e-6) << i;
  }
}

void expect_all_as_on_the_cpu(bool screened, const std::function<Answers(Launchers&)>& run) {
  Launchers launchers(some_states(101));
  launchers.screen(screened);
  const Answers reference = launchers.on_cpu();
  EXPECT_EQ(std::any_of(reference.near_limit.begin(), reference.near_limit.end(),
                        [](std::uint32_t near) { return near != 0; }),
            screened);
  expect_same(reference, run(launchers));
}

TEST(LinearLauncher, EmulatedDevicesAnswerAsTheCpu) {
  for (const bool screened : {false, true})
    expect_all_as_on_the_cpu(screened, [](Launchers& l) { return l.on_emulated(1, 1000); });
}

TEST(LinearLauncher, CudaAnswersAsTheCpu) {
  if (const std::string why = backend_unavailable_reason(Backend::cuda); !why.empty()) GTEST_SKIP() << why;
  for (const bool screened : {false, true})
    expect_all_as_on_the_cpu(screened, [](Launchers& l) { return l.on_cuda(); });
}

TEST(LinearLauncher, PortableVectorsHaveEqualBits) {
#if !defined(GRIDQUEUE_PORTABLE)
  GTEST_SKIP() << "this gridqueue was built for one processor (cmake --preset portable)";
#else
  if (!has_x86_64_v4()) GTEST_SKIP() << "this processor has no AVX-512 (x86-64-v4)";
  Launchers launchers(some_states(101));
  launchers.screen(true);
  const Answers narrow = launchers.on_vectors<portable_v3::Vectors>();
  const Answers wide = launchers.on_vectors<portable_v4::Vectors>();
  EXPECT_EQ(narrow.near_limit, wide.near_limit);
  for (std::size_t i = 0; i < wide.quantities.size(); ++i)
    expect_identical(narrow.quantities[i], wide.quantities[i], i);
#endif
}

TEST(LinearLauncher, DevicesAndCapacityChangeNoBit) {
  Launchers launchers(some_states(41));
  const Answers one = launchers.on_emulated(1, 1000);
  for (const auto& [devices, capacity] : {std::pair<std::size_t, std::size_t>{1, 2}, {2, 7}, {3, 1}}) {
    const Answers more = launchers.on_emulated(devices, capacity);
    EXPECT_EQ(one.near_limit, more.near_limit);
    for (std::size_t i = 0; i < one.quantities.size(); ++i) expect_identical(one.quantities[i], more.quantities[i], i);
  }
}

TEST(LinearRows, LieOneBehindTheOtherAndOutputsKeepTheFeedersOrder) {
  const Launchers launchers(some_states(3));
  const FeederView<double>& feeder = launchers.feeder().shape;
  const LinearRows screened = plan_linear_rows(feeder, launchers.model(0).shape, true);
  const LinearRows plain = plan_linear_rows(feeder, launchers.model(0).shape, false);
  EXPECT_EQ(screened.work.der, screened.model + 1);
  EXPECT_EQ(screened.inputs - screened.work.der, feeder.plan.voltage - feeder.plan.der);
  EXPECT_EQ(screened.work.tap, screened.inputs);
  EXPECT_EQ(screened.first_scratch, screened.work.tap + 3);
  EXPECT_EQ(screened.first_output, screened.first_scratch + screened.scratch.low);
  EXPECT_EQ(screened.work.first_output, screened.first_scratch + screened.scratch.rows);
  EXPECT_EQ(screened.work.scalar - screened.work.flow, feeder.plan.scalar - feeder.plan.flow);
  EXPECT_EQ(screened.rows, screened.work.scalar + num_scalars);
  EXPECT_EQ(screened.rows - plain.rows, 3 * feeder.num_monitors);
  EXPECT_LT(plain.rows, feeder.plan.rows + plain.scratch.rows);  // no voltages, no currents
}

TEST(PackedModel, HoldsEveryArrayWhereTheViewSays) {
  const Launchers launchers(some_states(7));
  const LinearModel<double>& model = launchers.model(1);
  const std::size_t bytes = PackedModel<double>::size(model);
  const auto home = std::make_unique<double[]>(bytes / sizeof(double) + 2);
  const auto* at = reinterpret_cast<const std::byte*>(home.get());
  const PackedModel<double> packed(model, at);
  ASSERT_EQ(packed.bytes.size(), bytes);
  const std::byte* last = at;
  each_array(model, [&](const auto& array, auto pointer) {
    const auto* here = reinterpret_cast<const std::byte*>(packed.view.*pointer);
    EXPECT_GE(here, last);
    last = here + array.size() * sizeof(array[0]);
    EXPECT_LE(last, at + bytes);
    if (array.empty()) return;
    EXPECT_EQ(std::memcmp(packed.bytes.data() + (here - at), array.data(), array.size() * sizeof(array[0])), 0);
  });
  EXPECT_EQ(packed.view.units, model.shape.units);
}

}  // namespace
}  // namespace gridqueue

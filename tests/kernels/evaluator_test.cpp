// The evaluator's invariants on the real feeder, on every backend present, at awkward batch sizes.
#include <gtest/gtest.h>

#include "tests/kernels/support.hpp"

namespace gridqueue {
namespace {

std::unique_ptr<Evaluator> evaluator(Backend backend, Precision precision, int threads = 0) {
  return make_evaluator(radial(), radial_options(backend, precision, threads));
}

struct EveryBackend : testing::TestWithParam<std::tuple<Backend, Precision>> {
  void SetUp() override {
    if (const auto why = backend_unavailable_reason(std::get<0>(GetParam())); !why.empty()) GTEST_SKIP() << why;
  }
};

TEST_P(EveryBackend, BatchSizeChangesNoBit) {
  const auto e = evaluator(std::get<0>(GetParam()), std::get<1>(GetParam()));
  const auto all = e->evaluate(some_states(1025));
  for (std::size_t size : {1, 33, 257}) {
    const auto part = e->evaluate(some_states(size));
    for (std::size_t i = 0; i < size; ++i) expect_identical(part[i], all[i], i);
  }
}

TEST_P(EveryBackend, NeighboursChangeNoBit) {
  const auto e = evaluator(std::get<0>(GetParam()), std::get<1>(GetParam()));
  StateBatch calm, wild;  // the same state beside itself, and beside one that collapses
  for (int i = 0; i < 16; ++i) {
    for (StateBatch* b : {&calm, &wild}) {
      b->add_der(radial().find_bus("bus_1113").value(), i > 0 && b == &wild ? 30000.0 * i : 300.0);
      b->finish_state(UpgradeSetId(0));
    }
  }
  expect_identical(e->evaluate(calm)[0], e->evaluate(wild)[0], 0);
}

TEST_P(EveryBackend, DecidesAsTheCpuInDouble) {
  const auto reference = evaluator(Backend::cpu, Precision::dual)->evaluate(some_states(257));
  const auto found = evaluator(std::get<0>(GetParam()), std::get<1>(GetParam()))->evaluate(some_states(257));
  const double relative = std::get<1>(GetParam()) == Precision::dual ? 1e-9 : 1e-5;
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].violations, reference[i].violations) << i;
    EXPECT_NEAR(found[i].vmax_pu, reference[i].vmax_pu, relative * reference[i].vmax_pu) << i;
    EXPECT_NEAR(found[i].vmin_pu, reference[i].vmin_pu, relative * reference[i].vmin_pu) << i;
    EXPECT_NEAR(found[i].vdiff_pct, reference[i].vdiff_pct, 100 * relative) << i;
    EXPECT_NEAR(found[i].emergency_pct, reference[i].emergency_pct, 10 * relative * reference[i].emergency_pct) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Backends, EveryBackend,
                         testing::Combine(testing::Values(Backend::cpu, Backend::cuda), testing::Values(Precision::single, Precision::dual)),
                         [](const auto& p) {
                           return std::string(std::get<0>(p.param) == Backend::cpu ? "cpu" : "cuda") +
                                  (std::get<1>(p.param) == Precision::single ? "_float" : "_double");
                         });

TEST(Evaluator, ThreadsChangeNoBit) {
  const auto one = evaluator(Backend::cpu, Precision::single, 1)->evaluate(some_states(300));
  const auto two = evaluator(Backend::cpu, Precision::single, 2)->evaluate(some_states(300));
  for (std::size_t i = 0; i < one.size(); ++i) expect_identical(one[i], two[i], i);
}

TEST(Evaluator, BaseCaseIsOpenDss) {
  StateBatch base;
  base.finish_state(UpgradeSetId(0));
  const Quantities q = evaluator(Backend::cpu, Precision::dual)->evaluate(base).front();
  const BaseCase& dss = radial().base_case;  // OpenDSS's own day, stored by the import
  EXPECT_EQ(q.violations, 0u);
  EXPECT_NEAR(q.vdiff_pct, dss.vdiff_pct, 0.005);
  EXPECT_NEAR(q.vmax_pu, dss.vmax_pu, 2e-5);
  EXPECT_NEAR(q.vmin_pu, dss.vmin_pu, 2e-5);
  EXPECT_NEAR(q.emergency_pct, dss.emergency_pct, 0.05);
}

TEST(Evaluator, RefusesAUnitAtASinglePhaseBus) {
  StateBatch batch;
  batch.add_der(radial().find_bus("bus_1701").value(), 10);
  batch.finish_state(UpgradeSetId(0));
  EXPECT_THROW(evaluator(Backend::cpu, Precision::single)->evaluate(batch), Error);
}

TEST(Evaluator, SaysWhenThePowerFlowHasNoSolution) {
  StateBatch batch;
  batch.add_der(radial().find_bus("bus_1113").value(), 1e6);
  batch.finish_state(UpgradeSetId(0));
  const Quantities q = evaluator(Backend::cpu, Precision::single)->evaluate(batch).front();
  EXPECT_NE(q.violations, 0u);
}

}  // namespace
}  // namespace gridqueue

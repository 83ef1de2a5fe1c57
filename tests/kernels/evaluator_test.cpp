// The evaluator's invariants on the real feeder, on every backend present, at awkward batch sizes.
#include <gtest/gtest.h>

#include "tests/kernels/support.hpp"
#include "tests/kernels/synthetic_feeder.hpp"

namespace gridqueue {
namespace {

std::unique_ptr<Evaluator> evaluator(Backend backend, Precision precision, int threads = 0,
                                     Mapping mapping = Mapping::automatic) {
  EvaluatorOptions options = radial_options(backend, precision, threads);
  options.mapping = mapping;
  return make_evaluator(radial(), options);
}

//! A backend, how evaluations lie on it, and a precision.
struct Way {
  Backend backend;
  Mapping mapping;
  Precision precision;
};

struct EveryBackend : testing::TestWithParam<Way> {
  void SetUp() override {
    if (const auto why = backend_unavailable_reason(GetParam().backend); !why.empty()) GTEST_SKIP() << why;
  }
  //! `count` states, fewer where these are emulated: ten times to a thousand times slower than what they emulate.
  static std::size_t up_to(std::size_t count) {
    const bool team = GetParam().mapping == Mapping::team;
    if (GetParam().backend == Backend::cpu) return team ? std::min<std::size_t>(count, 97) : count;
    if (!kEmulatedCuda) return count;
    return std::min<std::size_t>(count, team ? 17 : 257);
  }
  static std::unique_ptr<Evaluator> here() {
    return evaluator(GetParam().backend, GetParam().precision, 0, GetParam().mapping);
  }
};

TEST_P(EveryBackend, BatchSizeChangesNoBit) {
  const auto e = here();
  const std::size_t largest = up_to(1025);
  const auto all = e->evaluate(some_states(largest));
  for (std::size_t size : {1, 33, 257}) {
    if (size > largest) continue;
    const auto part = e->evaluate(some_states(size));
    for (std::size_t i = 0; i < size; ++i) expect_identical(part[i], all[i], i);
  }
}

TEST_P(EveryBackend, TwoRunsGiveTheSameBits) {
  const StateBatch states = some_states(up_to(65));
  const auto first = here()->evaluate(states), second = here()->evaluate(states);
  for (std::size_t i = 0; i < first.size(); ++i) expect_identical(first[i], second[i], i);
}

TEST_P(EveryBackend, NeighboursChangeNoBit) {
  const auto e = here();
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
  const std::size_t size = up_to(257);
  const auto reference = evaluator(Backend::cpu, Precision::dual)->evaluate(some_states(size));
  const auto found = here()->evaluate(some_states(size));
  for (std::size_t i = 0; i < found.size(); ++i)
    expect_close(found[i], reference[i], relative(GetParam().precision), i);
}

//! Feeders of a warp, of two, of a block.
TEST_P(EveryBackend, SyntheticFeedersAsTheTreeWalk) {
  for (int buses : {60, 129, 300, 700}) {
    SyntheticFeeder feeder(buses, 5);
    const StateBatch batch = feeder.states(buses > 128 ? 6 : up_to(33));
    EvaluatorOptions options;
    options.monitors = monitor_set(feeder.network(), "all");
    options.precision = GetParam().precision;
    const auto reference = make_evaluator(feeder.network(), options)->evaluate(batch);
    options.backend = GetParam().backend;
    options.mapping = GetParam().mapping;
    const auto found = make_evaluator(feeder.network(), options)->evaluate(batch);
    for (std::size_t i = 0; i < found.size(); ++i)
      expect_close(found[i], reference[i], relative(GetParam().precision), i);
  }
}

//! Lanes take them as the CPU does; teams refuse them by name.
TEST_P(EveryBackend, UnitsOnSomePhases) {
  StateBatch batch;
  const char* const sites[] = {"bus_31.1", "bus_1701", "bus_1110.2.3", "bus_26"};
  for (std::size_t i = 0; i < 9; ++i) {
    for (std::size_t u = 0; u < i % 4; ++u)
      batch.add_der(find_site(radial(), sites[(i + u) % 4]), 60.0 + 20.0 * static_cast<double>(i));
    batch.finish_state(UpgradeSetId(0));
  }
  EvaluatorOptions options = radial_options(Backend::cpu, Precision::dual);
  options.sites = batch.der_site;
  const auto reference = make_evaluator(radial(), options)->evaluate(batch);
  options.backend = GetParam().backend, options.mapping = GetParam().mapping, options.precision = GetParam().precision;
  if (GetParam().mapping == Mapping::team) {
    EXPECT_THROW(make_evaluator(radial(), options), Error);
    return;
  }
  const auto found = make_evaluator(radial(), options)->evaluate(batch);
  for (std::size_t i = 0; i < found.size(); ++i)
    expect_close(found[i], reference[i], relative(GetParam().precision), i);
}

INSTANTIATE_TEST_SUITE_P(Backends, EveryBackend,
                         testing::Values(Way{Backend::cpu, Mapping::lanes, Precision::single},
                                         Way{Backend::cpu, Mapping::lanes, Precision::dual},
                                         Way{Backend::cpu, Mapping::team, Precision::single},
                                         Way{Backend::cpu, Mapping::team, Precision::dual},
                                         Way{Backend::cuda, Mapping::lanes, Precision::single},
                                         Way{Backend::cuda, Mapping::lanes, Precision::dual},
                                         Way{Backend::cuda, Mapping::team, Precision::single},
                                         Way{Backend::cuda, Mapping::team, Precision::dual}),
                         [](const auto& p) {
                           return std::string(p.param.backend == Backend::cpu ? "cpu" : "cuda") +
                                  (p.param.mapping == Mapping::lanes ? "_lanes" : "_team") +
                                  (p.param.precision == Precision::single ? "_float" : "_double");
                         });

//! With the line to bus_17 as it is, or with an impedance that a team cannot represent.
std::vector<Quantities> on_cuda(Mapping mapping, bool symmetric) {
  Network network = radial();
  if (!symmetric) network.buses[bus("bus_17").index()].branch.z[0][1] *= 1.01;
  EvaluatorOptions options = radial_options(Backend::cuda, Precision::single);
  options.mapping = mapping;
  return make_evaluator(network, options)->evaluate(some_states(3));
}

TEST(CudaMapping, IsTheTeamsWhereTheFeederAllowsIt) {
  if (const auto why = backend_unavailable_reason(Backend::cuda); !why.empty()) GTEST_SKIP() << why;
  for (const bool symmetric : {true, false}) {
    const auto chosen = on_cuda(Mapping::automatic, symmetric);
    const auto expected = on_cuda(symmetric ? Mapping::team : Mapping::lanes, symmetric);
    for (std::size_t i = 0; i < chosen.size(); ++i) expect_identical(chosen[i], expected[i], i);
  }
  EXPECT_THROW(on_cuda(Mapping::team, false), Error);
}

TEST(Evaluator, ThreadsChangeNoBit) {
  const auto one = evaluator(Backend::cpu, Precision::single, 1)->evaluate(some_states(300));
  const auto two = evaluator(Backend::cpu, Precision::single, 2)->evaluate(some_states(300));
  for (std::size_t i = 0; i < one.size(); ++i) expect_identical(one[i], two[i], i);
}

//! What fills them takes hardly longer than one evaluation.
TEST(Evaluator, ACpuIsAsWideAsAVectorOnEveryThread) {
  const std::size_t vector = evaluator(Backend::cpu, Precision::single, 1)->width();
  EXPECT_GT(vector, 1u);
  EXPECT_EQ(evaluator(Backend::cpu, Precision::single, 3)->width(), 3 * vector);
  EXPECT_EQ(evaluator(Backend::cpu, Precision::dual, 1)->width(), vector / 2);
}

TEST(Evaluator, BaseCaseIsOpenDss) {
  StateBatch base;
  base.finish_state(UpgradeSetId(0));
  const Quantities q = evaluator(Backend::cpu, Precision::dual)->evaluate(base).front();
  const BaseCase& dss = radial().base_case;  // OpenDSS's own day, stored by the import
  EXPECT_EQ(q.violations, 0u);
  EXPECT_NEAR(q[limit_vdiff].value, dss.vdiff_pct, 0.005);
  EXPECT_NEAR(q[limit_vmax].value, dss.vmax_pu, 2e-5);
  EXPECT_NEAR(q[limit_vmin].value, dss.vmin_pu, 2e-5);
  EXPECT_NEAR(q[limit_emergency].value, dss.emergency_pct, 0.05);
}

TEST(Evaluator, RefusesAUnitThatWasNotForeseen) {
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

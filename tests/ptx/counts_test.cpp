// What evaluations cost in instructions, bytes and barriers, as nvcc made them: GRIDQUEUE_PTX_COUNTS has the numbers of
// the tests that ran (scripts/ptx-check --counts). The evaluations are those of bench/work.cpp, fewer.
#include "bench/cases.hpp"
#include "host/linear/linear_evaluator.hpp"
#include "tests/kernels/support.hpp"
#include "tests/kernels/synthetic_feeder.hpp"

namespace gridqueue {
namespace {

struct Counted : testing::TestWithParam<std::pair<Precision, Mapping>> {};

TEST_P(Counted, AnEvaluationOfFifteenUnits) {
  const auto [precision, mapping] = GetParam();
  const StateBatch states = bench::states(bench::fifteen_units(), mapping == Mapping::team ? 1 : 4);
  const auto found = bench::evaluator(precision, 1, Backend::cuda, mapping)->evaluate(states);
  const auto reference = bench::evaluator(precision, 1)->evaluate(states);
  for (std::size_t i = 0; i < found.size(); ++i)
    expect_close(found[i], reference[i], precision == Precision::dual ? 1e-9 : 2e-5, i);
}
INSTANTIATE_TEST_SUITE_P(Ptx, Counted,
                         testing::Values(std::pair{Precision::single, Mapping::lanes},
                                         std::pair{Precision::dual, Mapping::lanes},
                                         std::pair{Precision::single, Mapping::team},
                                         std::pair{Precision::dual, Mapping::team}),
                         [](const auto& p) {
                           return std::string(p.param.second == Mapping::lanes ? "lanes" : "team") +
                                  (p.param.first == Precision::single ? "_float" : "_double");
                         });

//! More buses than a warp takes: warps of a block exchange through shared memory.
TEST(BlockTeam, AnswersAsTheTreeWalk) {
  SyntheticFeeder feeder(129, 5);
  const StateBatch states = feeder.states(2);
  const auto answer = [&](Backend backend, Mapping mapping) {
    return bench::evaluator(Precision::single, 1, backend, mapping, feeder.network())->evaluate(states);
  };
  const auto found = answer(Backend::cuda, Mapping::team), reference = answer(Backend::cpu, Mapping::lanes);
  for (std::size_t i = 0; i < found.size(); ++i) expect_close(found[i], reference[i], relative(Precision::single), i);
}

TEST(CountedLinear, AStateOfFifteenUnits) {
  const StateBatch states = bench::states(bench::fifteen_units(), 64);
  const auto answer = [&](Backend backend) {
    const auto ac = bench::evaluator(Precision::single, 1, backend, Mapping::lanes);
    return make_linear_evaluator(*ac, {PowerFlow::linear})->evaluate(states);
  };
  const auto found = answer(Backend::cuda), reference = answer(Backend::cpu);
  for (std::size_t i = 0; i < found.size(); ++i) expect_close(found[i], reference[i], 2e-5, i);
}

}  // namespace
}  // namespace gridqueue

// The kernels of teams with one of their barriers left out at a time: where something hangs on it, the machine reports
// it, whether or not it shows in the numbers.
#include "tests/ptx/machine/barriers.hpp"

#include <cstdio>

#include "bench/cases.hpp"
#include "tests/kernels/support.hpp"
#include "tests/kernels/synthetic_feeder.hpp"
#include "tests/ptx/machine/report.hpp"

namespace gridqueue {
namespace {

struct Removal {
  ptx::Barrier barrier;
  bool reported, in_numbers;
};

bool same_numbers(const std::vector<Quantities>& a, const std::vector<Quantities>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].converged != b[i].converged || a[i].violations != b[i].violations) return false;
    for (const LimitInfo& l : kLimits)
      if (!same_number(a[i][l.bit].value, b[i][l.bit].value)) return false;
  }
  return true;
}

//! Of every barrier that two states of a synthetic feeder come to.
std::vector<Removal> removals(int buses) {
  SyntheticFeeder feeder(buses, 5);
  const StateBatch states = feeder.states(2);
  const auto evaluator = bench::evaluator(Precision::single, 1, Backend::cuda, Mapping::team, feeder.network());
  ptx::note_barriers();
  const auto right = evaluator->evaluate(states);
  std::vector<Removal> all;
  for (const ptx::Barrier& barrier : ptx::noted_barriers()) {
    ptx::leave_out(barrier);
    const auto found = evaluator->evaluate(states);
    ptx::leave_out({});
    all.push_back({barrier, !ptx::take_reports().empty(), !same_numbers(found, right)});
  }
  return all;
}

//! (buses, least reported): a warp, a block.
struct WithoutABarrier : testing::TestWithParam<std::pair<int, int>> {};

TEST_P(WithoutABarrier, WhatHangsOnItIsReported) {
  const auto [buses, least] = GetParam();
  const std::vector<Removal> all = removals(buses);
  int reported = 0, in_numbers = 0;
  for (const Removal& r : all) {
    EXPECT_TRUE(r.reported || !r.in_numbers) << "line " << r.barrier.second << " of " << r.barrier.first;
    reported += r.reported ? 1 : 0, in_numbers += r.in_numbers ? 1 : 0;
  }
  std::printf("ptx: %zu barriers of a team of %d buses left out one by one: %d reported, %d seen in the numbers\n",
              all.size(), buses, reported, in_numbers);
  EXPECT_GE(reported, least);
}
INSTANTIATE_TEST_SUITE_P(Ptx, WithoutABarrier, testing::Values(std::pair{29, 10}, std::pair{129, 13}),
                         [](const auto& p) { return p.param.first == 29 ? "warp" : "block"; });

}  // namespace
}  // namespace gridqueue

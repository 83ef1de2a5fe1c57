// Hosting capacities of the linearized model, screened and alone, against the search in AC.
#include "host/hosting/hosting_capacity.hpp"

#include "../kernels/support.hpp"
#include "host/linear/linear_evaluator.hpp"

namespace gridqueue {
namespace {

std::vector<HostingQuery> every_candidate() {
  std::vector<HostingQuery> queries;
  for (BusId b : radial().candidate_buses) queries.push_back({{}, UpgradeSetId(0), b});
  return queries;
}

//! Units of several MW are beyond the states that the margins were fitted on.
TEST(HostingCapacity, ScreenedIsWithinThreePerMilleOfAC) {
  const auto ac = make_evaluator(radial(), radial_options(Backend::cpu, Precision::single));
  const auto screened = make_linear_evaluator(*ac, {PowerFlow::screened});
  const auto queries = every_candidate();
  const auto exact = hosting_capacities(*ac, queries, {{}}, {}),
             found = hosting_capacities(*screened, queries, {{}}, {});
  std::size_t same = 0;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    const std::string& bus = radial().buses[queries[i].site.bus.index()].name;
    EXPECT_NEAR(found[i].kw, exact[i].kw, 0.003 * exact[i].kw) << bus;
    EXPECT_EQ(found[i].limits, exact[i].limits) << bus;
    same += found[i].kw == exact[i].kw;
  }
  EXPECT_GE(same, queries.size() - 2);
  EXPECT_GT(screened->counters().linear, 0u);
}

//! A capacity is the same whichever buses are asked beside it.
TEST(HostingCapacity, NeighboursInTheBatchChangeNoBit) {
  const auto ac = make_evaluator(radial(), radial_options(Backend::cpu, Precision::single));
  const auto queries = every_candidate();
  const auto together = hosting_capacities(*ac, queries, {{}}, {});
  for (std::size_t i = 0; i < queries.size(); i += 7)
    EXPECT_EQ(hosting_capacities(*ac, {queries[i]}, {{}}, {}).front().kw, together[i].kw) << i;
}

TEST(HostingCapacity, LinearAloneIsWithinHalfAPercent) {
  const auto ac = make_evaluator(radial(), radial_options(Backend::cpu, Precision::single));
  const auto linear = make_linear_evaluator(*ac, {PowerFlow::linear});
  const auto queries = every_candidate();
  const auto exact = hosting_capacities(*ac, queries, {{}}, {}), found = hosting_capacities(*linear, queries, {{}}, {});
  double error = 0;
  for (std::size_t i = 0; i < queries.size(); ++i) error += std::abs(found[i].kw / exact[i].kw - 1);
  EXPECT_LE(error / static_cast<double>(queries.size()), 0.005);
}

}  // namespace
}  // namespace gridqueue

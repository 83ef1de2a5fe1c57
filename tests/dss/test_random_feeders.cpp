// Feeders that join everything an import takes, random in detail: their days are OpenDSS's, and so are those of what
// they export.
#include "tests/dss/control_days.hpp"
#include "tests/dss/random_feeder.hpp"

namespace gridqueue {
namespace {

struct RandomFeeders : test::Controls, testing::WithParamInterface<unsigned> {};

double rated_amps(const Network& net) {
  double sum = 0;
  for (const Bus& b : net.buses) {
    sum += b.branch.normal_amps + b.branch.emergency_amps;
    for (const BranchElement& e : b.branch.elements) sum += e.normal_amps + e.emergency_amps;
  }
  return sum;
}

TEST_P(RandomFeeders, AreOpenDssAndSoIsTheirExport) {
  expect_openDss_and_export(test::RandomFeeder(GetParam()).text(), 0);
  const Network net = import_dss(folder_.at("model.dss"), {});
  EXPECT_NEAR(rated_amps(import_dss(folder_.at("exported/Master.dss"), {})), rated_amps(net), 1e-3 * rated_amps(net));
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomFeeders, testing::Range(1U, 17U));

}  // namespace
}  // namespace gridqueue

#include "host/hosting/hosting_capacity.hpp"

#include <gtest/gtest.h>

#include "tests/truth/shared.hpp"

namespace gridqueue {
namespace {

class HostingCapacityTruth : public testing::TestWithParam<Precision> {};

TEST_P(HostingCapacityTruth, MeetsI2xAtEveryBusOfTheTable) {
  GQ_NEEDS_TRUTH("independent_hc.json");
  const auto evaluator = radial_evaluator(GetParam());
  const auto reference = truth("independent_hc.json").at("buses");
  std::vector<HostingQuery> queries;
  for (const auto& [name, values] : reference.items()) queries.push_back({{}, UpgradeSetId(0), bus(name)});
  const auto found = hosting_capacities(*evaluator, queries, {{}}, HostingSearchOptions());
  std::size_t i = 0;
  for (const auto& [name, values] : reference.items()) {
    EXPECT_NEAR(found[i].kw, values.at("hc_fine_kw").get<double>(), 1.0) << name;
    EXPECT_EQ(limit_names(found[i].limits), values.at("fine_violations").get<std::vector<std::string>>()) << name;
    ++i;
  }
}

INSTANTIATE_TEST_SUITE_P(Precisions, HostingCapacityTruth, testing::Values(Precision::single, Precision::dual),
                         [](const auto& p) { return p.param == Precision::single ? "single" : "dual"; });

TEST(CandidateBusesTruth, TableOfCandidatesIsI2x) {
  GQ_NEEDS_TRUTH("monitors_i2x.json");
  std::vector<std::string> names;
  for (BusId b : radial().candidate_buses) names.push_back(radial().buses[b.index()].name);
  EXPECT_EQ(names, truth("monitors_i2x.json").at("bus_table").get<std::vector<std::string>>());
}

}  // namespace
}  // namespace gridqueue

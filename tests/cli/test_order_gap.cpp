// What the mean over orders is called where the order changes the total, and where it does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"

namespace gridqueue {
namespace {

using test::gridqueue;
using testing::HasSubstr;
using Json = nlohmann::json;

//! Whether a unit is let in, and what is built for it, hangs on who came before.
TEST(OrderGap, WhereTheOrderChangesTheTotalTheMeanIsNoShapleyValue) {
  const test::Folder folder;
  const std::string results = folder / "r.h5";
  const std::string study = folder.study(
      "[feeder]\nfile = \"data/radial.h5\"\n[queue]\nunits = [ { bus = \"bus_7\", kw = 1229 }, { bus = \"bus_14\", kw "
      "= "
      "823 }, { bus = \"bus_28\", kw = 1266 } ]\n[orders]\nmethod = \"all\"\n");
  const auto ran = gridqueue("run " + study + " --json --out " + results);
  ASSERT_EQ(ran.code, 0) << ran.err;
  const Json gap = Json::parse(ran.out).at("order_gap"), total = Json::parse(ran.out).at("total");
  EXPECT_GT(gap.at("gap_usd"), 0);
  EXPECT_EQ(gap.at("gap_usd"), total.at("max_usd").get<double>() - total.at("min_usd").get<double>());
  EXPECT_GE(gap.at("largest_of_any_set_usd"), gap.at("gap_usd"));
  EXPECT_EQ(gap.at("means_are_shapley_values"), false);
  EXPECT_THAT(gridqueue("show " + results).out, HasSubstr("means over orders are no Shapley values"));
  const auto said = gridqueue("allocate " + results + " --rule mean-over-orders");
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("from the mean"));
  EXPECT_THAT(gridqueue("info " + results).out, HasSubstr("shares by mean-over-orders"));
  // The other side: the same total in both orders.
  ASSERT_EQ(
      gridqueue("run " + folder.study(test::small_study("method = \"all\"\n")) + " --force --out " + results).code, 0);
  EXPECT_THAT(gridqueue("show " + results).out, HasSubstr("means over orders are Shapley values"));
  EXPECT_EQ(gridqueue("allocate " + results + " --rule mean-over-orders").code, 0);
  EXPECT_THAT(gridqueue("info " + results).out, HasSubstr("shares by shapley"));
}

}  // namespace
}  // namespace gridqueue

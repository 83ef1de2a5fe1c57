// A state without a solution of the power flow is told with the step and the node or control at which it has none.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"

namespace gridqueue {
namespace {

using test::gridqueue;
using Json = nlohmann::json;

//! No other limit ends anything.
const std::string kFree =
    " --limit vdiff_pct=1e6 --limit vmax_pu=1e6 --limit vmin_pu=0 --limit emergency_pct=1e6 --limit normal_hours=1e6 "
    "--limit island_p_fraction=0";

void expect_told(const std::string& text) {
  EXPECT_NE(text.find("does not"), std::string::npos) << text;
  EXPECT_NE(text.find("in step "), std::string::npos) << text;
}

TEST(Unsolved, HcaSaysWhere) {
  const auto outcome = gridqueue("hca data/radial.h5 --buses bus_26,bus_1113 --json" + kFree);
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const Json j = Json::parse(outcome.out);
  EXPECT_EQ(j[0]["limit"], Json::array({"not_converged"}));
  expect_told(j[0]["unsolved"].get<std::string>());
  EXPECT_NE(outcome.err.find("kW at 'bus_26' the power flow does not"), std::string::npos) << outcome.err;
  EXPECT_FALSE(j[1].contains("unsolved"));  // the first one's tells enough
}

TEST(Unsolved, RunAndShowSayWhere) {
  const test::Folder folder;
  const std::string study = folder.study(
      "[feeder]\nfile = \"data/radial.h5\"\n[queue]\nunits = [ { bus = \"bus_1113\", kw = 50000 }, { bus = "
      "\"bus_26\", kw = 10 } ]\n[orders]\nmethod = \"all\"\n[limits]\nvdiff_pct = 1e6\nvmax_pu = 1e6\nvmin_pu = "
      "0.0\nemergency_pct = 1e6\nnormal_hours = 1e6\n");
  const std::string file = folder / "r.h5";
  const auto run = gridqueue("run " + study + " --out " + file);
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_NE(run.err.find("50000 kW at 'bus_1113'"), std::string::npos) << run.err;
  expect_told(run.err);
  const auto show = gridqueue("show " + file), json = gridqueue("show " + file + " --json");
  EXPECT_NE(show.out.find("Not converged: with "), std::string::npos) << show.out;
  expect_told(Json::parse(json.out)["unsolved"].get<std::string>());
}

TEST(Unsolved, NothingIsSaidWhereAllIsSolved) {
  const auto outcome = gridqueue("hca data/radial.h5 --buses bus_26 --json");
  EXPECT_FALSE(Json::parse(outcome.out)[0].contains("unsolved"));
  EXPECT_EQ(outcome.err.find("does not"), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace gridqueue

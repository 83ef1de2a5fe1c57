// An exported state, solved by OpenDSS, is the state that was exported.
#include <gmock/gmock.h>

#include <algorithm>

#include "gridqueue/contracts.hpp"
#include "host/dss/check_day.hpp"
#include "host/dss/export.hpp"
#include "host/dss/reference.hpp"
#include "host/feeder/feeder_file.hpp"
#include "tests/dss/support.hpp"
#include "tests/feeder/fixed_point.hpp"
#include "tests/radial.hpp"

namespace gridqueue {
namespace {

//! OpenDSS stops at a step of 1e-4 by default, which hides small differences behind its starting point.
const std::string kTight = "set tolerance=1e-9";

double largest_difference(const Network& net, const DssDay& a, const DssDay& b) {
  double worst = 0;
  std::size_t row = 0;
  for (std::size_t k = 0; k < net.num_steps(); ++k)
    for (const Bus& bus : net.buses)
      for (int n = 0; n < bus.num_nodes; ++n, ++row)
        worst = std::max(worst, std::abs(a.voltage[row] - b.voltage[row]) / (bus.kv_base * 1e3));
  return worst;
}

TEST(Export, BaseStateIsTheOriginalDay) {
  GQ_NEEDS_DSS();
  GQ_NEEDS_FILE(test::hca_base());
  const Network net = radial();
  const test::TemporaryFolder folder;
  const std::string master = export_dss(net, {}, folder.at("base"));
  const DssDay ours = solve_day_with_dss(master, net, {.library = {}, .commands = {kTight}});
  const DssDay original = solve_day_with_dss(test::hca_base(), net,
                                             {.library = {}, .commands = {kTight, "batchedit load..* daily=default"}});
  EXPECT_THAT(ours.converged, testing::Each(1));
  EXPECT_EQ(ours.tap, original.tap);
  EXPECT_LT(largest_difference(net, ours, original), 1e-6);
  RecordProperty("largest_difference_pu", fmt::format("{:.2e}", largest_difference(net, ours, original)));
  RecordProperty("seconds_of_opendss", fmt::format("{:.4f}", ours.seconds));
  EXPECT_GT(ours.seconds, 0);
}

//! The same feeder with PV and upgrades made by hand in the original model.
TEST(Export, StateIsTheOriginalWithTheSameChanges) {
  GQ_NEEDS_DSS();
  GQ_NEEDS_FILE(test::hca_base());
  const Network net = radial();
  const test::TemporaryFolder folder;
  const DssState state{{{*net.find_bus("bus_1113"), 567}, {*net.find_bus("bus_31"), 400}},
                       {*net.find_branch("line13"), *net.find_branch("line1113")},
                       2};
  const DssDay ours =
      solve_day_with_dss(export_dss(net, state, folder.at("state")), net, {.library = {}, .commands = {kTight}});
  const auto pv = [](const char* bus, double kw) {
    return fmt::format(
        "New PVSystem.{0} bus1={0} phases=3 kv=12.47 kva={1} pmpp={2} irradiance=1 pf=1 %cutin=0 %cutout=0 "
        "daily=pcloud",
        bus, kw / 0.8, kw);
  };
  const DssDay original =
      solve_day_with_dss(test::hca_base(), net,
                         {.library = {},
                          .commands = {kTight, "batchedit load..* daily=default", pv("bus_1113", 567),
                                       pv("bus_31", 400), "line.line13.length=330", "line.line1113.length=660"}});
  EXPECT_EQ(ours.tap, original.tap);
  EXPECT_LT(largest_difference(net, ours, original), 1e-6);
  RecordProperty("largest_difference_pu", fmt::format("{:.2e}", largest_difference(net, ours, original)));
}

//! The plain fixed point of the Network with the tap of each step, against OpenDSS on the exported model.
TEST(Export, NetworkMeetsOpenDssAtEveryStep) {
  GQ_NEEDS_DSS();
  const Network net = radial();
  const test::TemporaryFolder folder;
  const DssDay day =
      solve_day_with_dss(export_dss(net, {}, folder.at("base")), net, {.library = {}, .commands = {kTight}});
  const std::size_t nodes = day.voltage.size() / net.num_steps(), regulators = net.regulators.size();
  double worst = 0;
  for (std::size_t k = 0; k < net.num_steps(); k += 13) {
    const auto tap = day.tap.begin() + static_cast<std::ptrdiff_t>(k * regulators);
    const test::Voltages v =
        test::solve(net, net.shapes[0].value[k], {tap, tap + static_cast<std::ptrdiff_t>(regulators)});
    std::size_t row = k * nodes;
    for (std::size_t i = 0; i < net.buses.size(); ++i)
      for (std::size_t n = 0; n < test::size(net.buses[i]); ++n, ++row)
        worst = std::max(worst, std::abs(v[i][n] - day.voltage[row]) / (net.buses[i].kv_base * 1e3));
  }
  EXPECT_LT(worst, 1e-7);
  RecordProperty("largest_difference_pu", fmt::format("{:.2e}", worst));
}

//! A model that is not what was exported is found out, whatever it is that differs.
TEST(Export, IsChecked) {
  GQ_NEEDS_DSS();
  const Network net = read_feeder(GRIDQUEUE_SOURCE_DIR "/data/ieee13.h5");
  const DssState state{{{*net.find_bus("671"), 400}}, {}, 2};
  const test::TemporaryFolder folder;
  const std::string master = export_dss(net, state, folder.at("model"));
  const ImportCheck check = check_export(master, net, state);
  EXPECT_EQ(check.days, 1);
  EXPECT_LT(check.voltage_pu, 1e-6);
  EXPECT_EQ(check.wrong_taps, 0);
  std::ofstream(master, std::ios::app) << "Vsource.source.pu=1.0003\n";
  try {
    check_export(master, net, state);
    FAIL() << "taken";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
    EXPECT_THAT(e.what(), testing::HasSubstr("voltages differ by"));
  }
  std::ofstream(master, std::ios::app) << "Nonsense\n";
  EXPECT_THROW(check_export(master, net, state), Error);
}

TEST(Export, RefusesBeforeItWrites) {
  Network net = read_feeder(GRIDQUEUE_SOURCE_DIR "/data/ieee13.h5");
  net.buses[0].branch.z[0][0] *= 1.5;  // of one phase
  const test::TemporaryFolder folder;
  EXPECT_THROW(export_dss(net, {}, folder.at("model")), Error);
  EXPECT_FALSE(std::filesystem::exists(folder.at("model")));
}

TEST(Export, RefusesImpossibleStates) {
  const Network net = radial();
  const test::TemporaryFolder folder;
  const auto attempt = [&](const DssState& state) { export_dss(net, state, folder.at("x")); };
  EXPECT_THROW(attempt({{{UnitSite(*net.find_bus("bus_704"), 7), 10}}, {}, 2}), Error);
  EXPECT_THROW(attempt({{{*net.find_bus("bus_31"), -1}}, {}, 2}), Error);
  EXPECT_THROW(attempt({{}, {*net.find_branch("transformer.sub")}, 2}), Error);
  EXPECT_THROW(attempt({{}, {}, 0}), Error);
}

}  // namespace
}  // namespace gridqueue

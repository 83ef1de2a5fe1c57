// Voltages and taps of random states against OpenDSS's own day of the exported model.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "gridqueue/evaluation.hpp"
#include "host/dss/export.hpp"
#include "host/dss/reference.hpp"
#include "host/statistics/random.hpp"
#include "tests/dss/support.hpp"
#include "tests/radial.hpp"

namespace gridqueue {
namespace {

std::size_t draw(std::uint64_t realization, std::uint32_t what, std::uint32_t k, std::size_t below) {
  return static_cast<std::size_t>(random_unit(random_bits(7, Purpose::verification, realization, what, k)) *
                                  static_cast<double>(below));
}

//! 1 to 15 units of 50 to 600 kW and 0 to 10 upgraded lines.
DssState random_state(std::uint64_t k) {
  DssState s;
  const std::size_t units = 1 + draw(k, 0, 0, 15), lines = draw(k, 1, 0, 11);
  for (std::uint32_t u = 0; u < units; ++u)
    s.der.emplace_back(radial().candidate_buses[draw(k, 2, u, radial().candidate_buses.size())],
                       50.0 + static_cast<double>(draw(k, 3, u, 551)));
  std::vector<BusId> upgradable;
  for (std::size_t b = 0; b < radial().buses.size(); ++b)
    if (radial().buses[b].branch.upgradable) upgradable.push_back(BusId(b));
  std::set<BusId> chosen;
  for (std::uint32_t l = 0; l < lines; ++l) chosen.insert(upgradable[draw(k, 4, l, upgradable.size())]);
  s.upgraded.assign(chosen.begin(), chosen.end());
  return s;
}

struct RandomStates : testing::TestWithParam<std::uint64_t> {};

TEST_P(RandomStates, VoltagesAndTapsAreOpenDss) {
  GQ_NEEDS_DSS();
  const DssState state = random_state(GetParam());
  const test::TemporaryFolder folder;
  const DssDay day =
      solve_day_with_dss(export_dss(radial(), state, folder.at("model")), radial(), {{}, {"set tolerance=1e-7"}});
  StateBatch batch;
  batch.upgrade_sets = {state.upgraded};
  for (const auto& [bus, kw] : state.der) batch.add_der(bus, kw);
  batch.finish_state(UpgradeSetId(0));
  for (const Precision precision : {Precision::single, Precision::dual}) {
    EvaluatorOptions options;
    options.monitors = monitor_set(radial(), "all");
    options.precision = precision;
    const DayTrace trace = make_evaluator(radial(), options)->trace(batch);
    ASSERT_EQ(trace.voltage.size(), day.voltage.size());
    EXPECT_EQ(trace.tap, day.tap);
    std::vector<double> base;
    for (const Bus& b : radial().buses)
      for (int n = 0; n < b.num_nodes; ++n) base.push_back(b.kv_base * 1e3);
    double worst = 0;
    for (std::size_t i = 0; i < trace.voltage.size(); ++i)
      worst = std::max(worst, std::abs(trace.voltage[i] - day.voltage[i]) / base[i % base.size()]);
    EXPECT_LT(worst, 5e-5);
    RecordProperty(precision == Precision::single ? "worst_pu_float" : "worst_pu_double", fmt::format("{:.2e}", worst));
  }
}

INSTANTIATE_TEST_SUITE_P(TwelveStates, RandomStates, testing::Range<std::uint64_t>(0, 12));

}  // namespace
}  // namespace gridqueue

// Lines in series that sweeps take as one, against the same feeder with every line alone.
#include "kernels/feeder/series.hpp"

#include <gmock/gmock.h>

#include <numeric>
#include <random>

#include "kernels/feeder/compiled_feeder.hpp"
#include "tests/kernels/support.hpp"

namespace gridqueue {
namespace {

std::vector<UnitSite> few_sites() {
  const std::vector<BusId>& all = radial().candidate_buses;
  return {all[3], all[20], all[41], all[50]};
}

EvaluatorOptions with_sites(Precision precision, bool only) {
  EvaluatorOptions options = radial_options(Backend::cpu, precision);
  options.sites = few_sites();
  options.only_sites = only;
  return options;
}

//! Units of up to 600 kW at the sites; of the lines a third is upgraded, others in every set.
StateBatch states_at_sites(std::size_t count) {
  std::mt19937 random(7);
  StateBatch batch;
  for (int set = 0; set < 5; ++set) {
    Upgrades lines;
    for (std::size_t i = 1; i < radial().buses.size(); ++i)
      if (radial().buses[i].branch.upgradable && random() % 3 == 0) lines.emplace_back(BusId(i));
    batch.upgrade_sets.push_back(lines);
  }
  for (std::size_t i = 0; i < count; ++i) {
    for (UnitSite site : few_sites())
      if (random() % 2) batch.add_der(site, static_cast<double>(random() % 600));
    batch.finish_state(UpgradeSetId(i % 6));
  }
  return batch;
}

TEST(Series, JoinsLinesBetweenBusesInUse) {
  const auto found = find_series(radial(), with_sites(Precision::single, true), kSeriesCharging<float>);
  std::size_t buses = 0;
  std::vector<bool> passed(radial().buses.size(), false);
  for (const Series& s : found) {
    ASSERT_GE(s.bus.size(), 2u);
    EXPECT_NEAR(std::accumulate(s.share.begin(), s.share.end(), 0.0), 1, 1e-12);
    buses += s.bus.size() - 1;
    for (std::size_t k = 0; k + 1 < s.bus.size(); ++k) {
      EXPECT_EQ(radial().buses[s.bus[k + 1].index()].parent, s.bus[k]);
      passed[s.bus[k].index()] = true;
    }
  }
  EXPECT_EQ(buses, 19u);  // of 107
  for (const Load& load : radial().loads) EXPECT_FALSE(passed[load.bus.index()]);
  for (UnitSite site : few_sites()) EXPECT_FALSE(passed[site.bus.index()]);
}

TEST(Series, NoneWhereUnitsMayStandAnywhere) {
  EXPECT_TRUE(find_series(radial(), with_sites(Precision::single, false), 1).empty());
  const CompiledFeeder<float> feeder = compile_feeder<float>(radial(), with_sites(Precision::single, false));
  EXPECT_EQ(feeder.view().swept, feeder.view().bus);
}

TEST(Series, SiteOnAPassedBusKeepsIt) {
  EvaluatorOptions options = with_sites(Precision::single, true);
  const std::vector<Series> before = find_series(radial(), options, kSeriesCharging<float>);
  const auto three_phase = [](const Series& s) { return radial().three_phase(s.bus.front()); };
  const auto s = std::find_if(before.begin(), before.end(), three_phase);
  ASSERT_NE(s, before.end());
  StateBatch batch;
  batch.add_der(s->bus.front(), 100);
  batch.finish_state(UpgradeSetId(0));
  try {
    make_evaluator(radial(), options)->evaluate(batch);
    FAIL() << "a unit stands where none was foreseen";
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr("no unit was foreseen"));
  }
  options.sites.push_back(s->bus.front());
  EXPECT_TRUE(make_evaluator(radial(), options)->evaluate(batch)[0].converged);
}

//! In double lines with charging are hardly joined.
const Network& without_charging() {
  static const Network network = [] {
    Network copy = radial();
    for (Bus& b : copy.buses) b.branch.y_line = {};
    return copy;
  }();
  return network;
}

void expect_same_answers(const Network& network, Precision precision) {
  const auto joined = make_evaluator(network, with_sites(precision, true));
  const auto alone = make_evaluator(network, with_sites(precision, false));
  const StateBatch batch = states_at_sites(60);
  const auto a = joined->evaluate(batch), b = alone->evaluate(batch);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    expect_close(a[i], b[i], relative(precision), i);
    if (precision == Precision::single) continue;
    EXPECT_EQ(a[i][limit_emergency].place, b[i][limit_emergency].place) << i;
  }
}
TEST(Series, AnswersAreThoseOfEveryLineAloneDouble) { expect_same_answers(without_charging(), Precision::dual); }
TEST(Series, AnswersAreThoseOfEveryLineAloneFloat) { expect_same_answers(radial(), Precision::single); }

//! Largest difference of a node's voltage [pu].
double joined_against_alone(const Network& network, Precision precision) {
  StateBatch batch = states_at_sites(12), one;
  one.upgrade_sets = batch.upgrade_sets;
  one.add_state_of(batch, 11);
  const DayTrace a = make_evaluator(network, with_sites(precision, true))->trace(one);
  const DayTrace b = make_evaluator(network, with_sites(precision, false))->trace(one);
  EXPECT_EQ(a.tap, b.tap);
  EXPECT_EQ(a.voltage.size(), b.voltage.size());
  double largest = 0;
  for (std::size_t k = 0; k < a.voltage.size();)
    for (const Bus& bus : network.buses)
      for (int n = 0; n < bus.num_nodes; ++n, ++k)
        largest = std::max(largest, std::abs(a.voltage[k] - b.voltage[k]) / (bus.kv_base * 1e3));
  return largest;
}
TEST(Series, VoltagesBetweenAreThoseOfEveryLineAlone) {
  EXPECT_LT(joined_against_alone(without_charging(), Precision::dual), 1e-9);
  EXPECT_LT(joined_against_alone(radial(), Precision::single), 2e-6);
}

TEST(Series, InDoubleChargingKeepsLinesAlone) {
  EXPECT_LT(joined_against_alone(radial(), Precision::dual), 1e-9);
  const EvaluatorOptions options = with_sites(Precision::dual, true);
  EXPECT_TRUE(compile_feeder<double>(radial(), options).series.empty());
  EXPECT_FALSE(compile_feeder<double>(without_charging(), options).series.empty());
}

}  // namespace
}  // namespace gridqueue

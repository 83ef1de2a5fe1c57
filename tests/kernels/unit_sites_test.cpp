// Units on some phases of their bus, beside those of whole three-phase buses.
#include <gmock/gmock.h>

#include <cmath>

#include "kernels/backends/cuda_evaluator.hpp"
#include "kernels/feeder/compiled_feeder.hpp"
#include "kernels/team/team_cpu.hpp"
#include "tests/complaint.hpp"
#include "tests/kernels/support.hpp"
#include "tests/kernels/synthetic_feeder.hpp"

namespace gridqueue {
namespace {

using testing::HasSubstr;

UnitSite site(const std::string& text) { return find_site(radial(), text); }

EvaluatorOptions options_with(const std::vector<UnitSite>& sites, Precision precision = Precision::dual) {
  EvaluatorOptions options = radial_options(Backend::cpu, precision);
  options.sites = sites;
  return options;
}

//! Units of one and two phases at three-phase buses and laterals, some beside whole ones.
StateBatch mixed_states(std::size_t count) {
  const std::vector<UnitSite> places{site("bus_31.1"), site("bus_31.1.3"), site("bus_31"),  site("bus_701"),
                                     site("bus_26.2"), site("bus_1110.3"), site("bus_1110")};
  StateBatch batch;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t u = 0; u < i % 6; ++u)
      batch.add_der(places[(3 * i + 5 * u) % places.size()], 20.0 + static_cast<double>((i * 37 + u * 101) % 200));
    batch.finish_state(UpgradeSetId(0));
  }
  return batch;
}

TEST(UnitSites, OneUnitOnEachPhaseIsOneOnAllThree) {
  StateBatch batch;
  batch.add_der(site("bus_1110"), 450);
  batch.finish_state(UpgradeSetId(0));
  for (const char* phase : {"bus_1110.1", "bus_1110.2", "bus_1110.3"}) batch.add_der(site(phase), 150);
  batch.finish_state(UpgradeSetId(0));
  batch.add_der(site("bus_1110.1.2"), 300), batch.add_der(site("bus_1110.3"), 150);
  batch.finish_state(UpgradeSetId(0));
  const auto answers = make_evaluator(radial(), options_with(batch.der_site))->evaluate(batch);
  for (const LimitInfo& l : kLimits) {
    if (std::isnan(answers[0][l.bit].value)) continue;
    for (std::size_t i : {1u, 2u}) EXPECT_NEAR(answers[i][l.bit].value, answers[0][l.bit].value, 1e-7) << l.name;
  }
  EXPECT_EQ(answers[1].violations, answers[0].violations);
  // and one of its phases alone is something else
  StateBatch one;
  one.add_der(site("bus_1110.1"), 450);
  one.finish_state(UpgradeSetId(0));
  const auto alone = make_evaluator(radial(), options_with(one.der_site))->evaluate(one).front();
  EXPECT_GT(std::abs(alone[limit_vmax].value - answers[0][limit_vmax].value), 5e-4);
}

TEST(UnitSites, NeighboursChangeNoBit) {
  const StateBatch batch = mixed_states(40);
  for (const Precision precision : {Precision::single, Precision::dual}) {
    const auto evaluator = make_evaluator(radial(), options_with(batch.der_site, precision));
    const auto together = evaluator->evaluate(batch);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      StateBatch one;
      one.add_state_of(batch, i);
      expect_identical(evaluator->evaluate(one).front(), together[i], i);
    }
  }
}

//! The largest change of the average of a bus's magnitudes between steps [%].
double largest_change(const DayTrace& day, BusId bus) {
  std::size_t first = 0, nodes = 0;
  for (std::size_t b = 0; b < radial().buses.size(); ++b) {
    if (b < bus.index()) first += static_cast<std::size_t>(radial().buses[b].num_nodes);
    nodes += static_cast<std::size_t>(radial().buses[b].num_nodes);
  }
  const Bus& b = radial().buses[bus.index()];
  double largest = 0, previous = 0;
  for (std::size_t k = 0; k < radial().num_steps(); ++k) {
    double sum = 0;
    for (std::size_t n = 0; n < static_cast<std::size_t>(b.num_nodes); ++n)
      sum += std::abs(day.voltage[k * nodes + first + n]) / (b.kv_base * 1e3);
    const double average = sum / b.num_nodes;
    if (k > 0) largest = std::max(largest, 100 * std::abs(average - previous));
    previous = average;
  }
  return largest;
}

//! Only reclosers' buses are monitored otherwise.
TEST(UnitSites, VoltageChangeIsJudgedWhereAUnitStands) {
  for (const char* name : {"bus_701", "bus_31.2"}) {
    StateBatch batch;
    batch.add_der(site(name), 500);
    batch.finish_state(UpgradeSetId(0));
    batch.finish_state(UpgradeSetId(0));  // without it the bus counts for nothing
    EvaluatorOptions options = options_with(batch.der_site);
    options.monitors = {"list", {}};
    const auto evaluator = make_evaluator(radial(), options);
    const auto answers = evaluator->evaluate(batch);
    const DayTrace day = evaluator->trace(batch);
    double expected = largest_change(day, site(name).bus);
    for (const Recloser& r : radial().reclosers) EXPECT_LT(largest_change(day, r.bus), expected) << name;
    EXPECT_EQ(answers[0][limit_vdiff].place, site(name).bus.value) << name;
    EXPECT_NEAR(answers[0][limit_vdiff].value, expected, 1e-6) << name;
    EXPECT_NE(answers[1][limit_vdiff].place, site(name).bus.value) << name;
  }
}

//! A queue of whole three-phase buses on a feeder with paths to ground is what it was.
TEST(UnitSites, WholeThreePhaseBusesNeedNoPlan) {
  const StateBatch batch = some_states(12);
  const EvaluatorOptions with = options_with(batch.der_site, Precision::single),
                         without = options_with({}, Precision::single);
  const auto a = compile_feeder<float>(radial(), with), b = compile_feeder<float>(radial(), without);
  EXPECT_EQ(a.shape.plan.rows, b.shape.plan.rows);
  EXPECT_EQ(a.injection.size(), b.injection.size());
  EXPECT_EQ(a.shape.general, 0);
  EXPECT_TRUE(a.site_rows.empty());
  EXPECT_EQ(compile_feeder<float>(radial(), options_with({site("bus_31.1")}, Precision::single)).shape.general, 1);
}

TEST(UnitSites, EachPartStandsOnce) {
  const auto feeder = compile_feeder<double>(
      radial(), options_with({site("bus_31.1.3"), site("bus_31.1"), site("bus_31.1"), site("bus_26.2")}));
  EXPECT_EQ(feeder.shape.plan.voltage - feeder.shape.plan.part, 3);
  EXPECT_EQ(feeder.bus[site("bus_31").bus.index()].parts, 2);
  EXPECT_EQ(feeder.site_rows.size(), 3u);
}

TEST(UnitSites, WhatWasNotForeseenOrCannotBeIsRefusedByName) {
  const auto evaluator = make_evaluator(radial(), options_with({site("bus_31.1")}));
  const auto evaluate = [&](UnitSite at) {
    StateBatch batch;
    batch.add_der(at, 10);
    batch.finish_state(UpgradeSetId(0));
    return test::complaint([&] { (void)evaluator->evaluate(batch); });
  };
  EXPECT_EQ(evaluate(site("bus_31.1")), "no error");
  EXPECT_THAT(evaluate(site("bus_31.2")), HasSubstr("no unit was foreseen at 'bus_31.2'"));
  EXPECT_THAT(evaluate(UnitSite(site("bus_701").bus, 7)), HasSubstr("no unit can stand at 'bus_701.1.2.3'"));
}

TEST(UnitSites, TeamsOfLanesRefuse) {
  EvaluatorOptions options = options_with({site("bus_31.1")});
  options.mapping = Mapping::team;
  EXPECT_THAT(test::complaint([&] { (void)make_evaluator(radial(), options); }),
              HasSubstr("stand on some of its phases"));
}

}  // namespace
}  // namespace gridqueue

// Several days in one evaluation: each is its own day, and the worst of them counts.
#include <gmock/gmock.h>

#include "tests/kernels/support.hpp"

namespace gridqueue {
namespace {

Network scaled_day(double load, double sun) {
  Network net = radial();
  for (Shape& s : net.shapes)
    for (double& x : s.value) x *= load;
  for (double& x : net.pv_shape) x *= sun;
  return net;
}

Network in_a_row(const std::vector<Network>& days) {
  Network net = days.front();
  for (std::size_t d = 1; d < days.size(); ++d) {
    const Network& next = days[d];
    net.days.push_back({static_cast<int>(net.num_steps()), 24.0 * static_cast<double>(d)});
    net.pv_shape.insert(net.pv_shape.end(), next.pv_shape.begin(), next.pv_shape.end());
    net.source_multiplier.insert(net.source_multiplier.end(), next.source_multiplier.begin(),
                                 next.source_multiplier.end());
    for (std::size_t s = 0; s < net.shapes.size(); ++s)
      net.shapes[s].value.insert(net.shapes[s].value.end(), next.shapes[s].value.begin(), next.shapes[s].value.end());
  }
  net.validate();
  return net;
}

struct Days : testing::TestWithParam<Precision> {
  static std::unique_ptr<Evaluator> evaluator(const Network& net) {
    EvaluatorOptions options = radial_options(Backend::cpu, GetParam());
    options.mapping = Mapping::lanes;
    return make_evaluator(net, options);
  }
};

//! The second day is the heaviest, so that the count of hours of all days together would be another one.
TEST_P(Days, AreEachItsOwnAndTheWorstCounts) {
  const std::vector<Network> days{scaled_day(1.6, 0.5), scaled_day(2.2, 0.2), scaled_day(0.4, 1)};
  const Network all = in_a_row(days);
  const StateBatch states = some_states(33);
  const auto together = evaluator(all)->evaluate(states);
  std::vector<std::vector<Quantities>> alone;
  for (const Network& day : days) alone.push_back(evaluator(day)->evaluate(states));
  bool hours = false;
  for (std::size_t i = 0; i < together.size(); ++i) {
    if (!together[i].converged) continue;
    for (const LimitBit bit : {limit_vdiff, limit_vmax, limit_vmin, limit_emergency, limit_normal_hours}) {
      std::vector<double> values;
      for (const auto& day : alone) values.push_back(day[i][bit].value);
      const auto extreme = bit == limit_vmin ? std::min_element(values.begin(), values.end())
                                             : std::max_element(values.begin(), values.end());
      EXPECT_EQ(together[i][bit].value, *extreme) << i << ' ' << bit;
      const auto day = static_cast<std::size_t>(extreme - values.begin());
      if (bit != limit_normal_hours) {
        EXPECT_EQ(together[i][bit].step, static_cast<int>(288 * day) + alone[day][i][bit].step) << i;
      }
    }
    hours = hours || (alone[0][i][limit_normal_hours].value > 0 && alone[1][i][limit_normal_hours].value > 0);
  }
  EXPECT_TRUE(hours);  // else the count by day shows nothing
}

TEST_P(Days, BeginWhereTheSnapshotEnds) {
  const std::vector<Network> days{scaled_day(1.6, 0.5), scaled_day(0.4, 1)};
  StateBatch states;
  states.add_der(radial().find_bus("bus_1113").value(), 700);
  states.finish_state(UpgradeSetId(0));
  const DayTrace together = evaluator(in_a_row(days))->trace(states);
  DayTrace alone;
  for (const Network& day : days) {
    const DayTrace one = evaluator(day)->trace(states);
    alone.voltage.insert(alone.voltage.end(), one.voltage.begin(), one.voltage.end());
    alone.tap.insert(alone.tap.end(), one.tap.begin(), one.tap.end());
  }
  EXPECT_EQ(together.voltage, alone.voltage);
  EXPECT_EQ(together.tap, alone.tap);
}

INSTANTIATE_TEST_SUITE_P(All, Days, testing::Values(Precision::single, Precision::dual),
                         [](const auto& p) { return p.param == Precision::single ? "float" : "double"; });

TEST(SeveralDays, AreRefusedByTeams) {
  EvaluatorOptions options = radial_options(Backend::cpu, Precision::single);
  options.mapping = Mapping::team;
  const Network net = in_a_row({radial(), radial()});
  try {
    (void)make_evaluator(net, options);
    FAIL() << "accepted";
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr("several days"));
  }
}

TEST(SeveralDays, MustAscendFromTheFirstStep) {
  for (const std::vector<Day>& days : {std::vector<Day>{}, {{1, 0}}, {{0, 0}, {0, 24}}, {{0, 0}, {288, 24}}}) {
    Network net = radial();
    net.days = days;
    EXPECT_THROW(net.validate(), Error);
  }
}

TEST(ExactPrecision, IsDoubleWhereFloatsCannotNumber) {
  Network net = radial();
  EXPECT_EQ(exact_precision(net, Precision::single), Precision::single);
  net.pv_shape.resize((1u << 24) / 259 + 1, 0);  // 259 nodes
  EXPECT_EQ(exact_precision(net, Precision::single), Precision::dual);
}

}  // namespace
}  // namespace gridqueue

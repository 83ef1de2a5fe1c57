// The feeder's linear program: a chain of two lines by hand, then the radial feeder.
//
//   source --line1 (r1)-- a --line2 (r2)-- b      units of 100 kW at a and at b, sun up at step 1
//   change at b [%] = r1 s1 (p_a + p_b) + r2 s2 p_b,  s = 1, or 1/2 where the line is upgraded
#include "host/allocate/feeder_lp.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <sstream>

#include "gridqueue/contracts.hpp"
#include "kernels/ac/quantities.hpp"
#include "tests/radial.hpp"

namespace gridqueue {
namespace {

constexpr double kVolts = 7200, kR1 = 0.02, kR2 = 0.01;  // [% per kW]

Network chain() {
  Network n;
  n.name = "chain";
  for (int i = 0; i < 3; ++i) {
    Bus b;
    b.name = std::string(1, "sab"[i]);
    b.parent = i ? BusId(i - 1) : BusId();
    b.num_nodes = 1;
    b.phase[0] = 1;
    b.kv_base = kVolts / 1e3;
    if (i) {
      b.branch.kind = BranchKind::line;
      b.branch.name = i == 1 ? "line.one" : "line.two";
      b.branch.upgradable = true;
    }
    n.buses.push_back(b);
  }
  n.pv_shape = n.source_multiplier = {1, 1};
  return n;
}

//! Voltages as in the head of this file; everything else passes.
class ChainEvaluator final : public Evaluator {
 public:
  ChainEvaluator() : net_(chain()) {
    options_.precision = Precision::dual;
    options_.monitors = monitor_set(net_, "all");
  }
  std::vector<Quantities> evaluate(const StateBatch& s) override {
    Quantities q;
    q.converged = true;
    q[limit_vmax].value = q[limit_vmin].value = 1;
    return std::vector<Quantities>(s.size(), q);
  }
  DayTrace trace(const StateBatch& s) override {
    double kw[3] = {0, 0, 0}, scale[3] = {1, 1, 1};
    for (std::size_t i = 0; i < s.der_kw.size(); ++i) kw[s.der_site[i].bus.index()] += s.der_kw[i];
    for (const Upgrade& u : s.upgrade_sets[0]) scale[u.element.index()] = 0.5;
    const double a = kR1 * scale[1] * (kw[1] + kw[2]), b = a + kR2 * scale[2] * kw[2];
    const auto volts = [](double pct) { return Complex(0, kVolts * (0.97 + pct / 100)); };
    return {{volts(0), volts(0), volts(0), volts(0), volts(a), volts(b)}, {}, {}, {}, {}};
  }
  [[nodiscard]] const Network& network() const override { return net_; }
  [[nodiscard]] const EvaluatorOptions& options() const override { return options_; }
  [[nodiscard]] const Thresholds& thresholds() const override { return thresholds_; }

 private:
  Network net_;
  EvaluatorOptions options_;
  Thresholds thresholds_ = Thresholds(options_.limits);
};

FeederLpQuery chain_query() {
  FeederLpQuery q;
  q.units = {{BusId(1), 100}, {BusId(2), 100}};
  q.built = {BusId(1)};
  q.line_cost = [](BusId line) { return line == BusId(1) ? 1000.0 : 400.0; };
  return q;
}

TEST(FeederLp, ChainByHand) {
  // Built: line one; the change at b is 0.01 * 200 + 0.01 * 100 = 3 %, at most 3.01. Unbuilt it is 5 %: line one takes
  // off 2 % for 1000 $ (500 $/%), line two 0.5 % for 400 $ (800 $/%): u_1 = (5 - 3.01) / 2, u_2 = 0.
  ChainEvaluator evaluator;
  const FeederLp lp = linearize_feeder(evaluator, chain_query());
  ASSERT_EQ(lp.candidates, (std::vector<BusId>{BusId(1), BusId(2)}));
  const FeederAllocation a = allocate_feeder(lp, 2);
  const auto& x = a.report.solution.x;
  EXPECT_NEAR(x[0], 100, 1e-9);
  EXPECT_NEAR(x[2], 0.995, 1e-9);
  EXPECT_NEAR(x[3], 0, 1e-9);
  EXPECT_NEAR(a.report.matrix.objective, 995, 1e-6);
  // A kW at a costs 0.01 %, one at b 0.02 %, at 500 $/%: 500 $ and 1000 $; the limit's own room is worth -505 $.
  EXPECT_NEAR(a.unit_usd[0], 500, 1e-5);
  EXPECT_NEAR(a.unit_usd[1], 1000, 1e-5);
  EXPECT_NEAR(a.limits_usd, -505, 1e-5);
  EXPECT_NEAR(a.bounds_usd, 0, 1e-9);
  EXPECT_NEAR(a.balanced_usd[0], 995.0 / 3, 1e-5);
  EXPECT_NEAR(a.balanced_usd[1], 995 * 2.0 / 3, 1e-5);
}

TEST(FeederLp, RowsThatNoUpgradeCanBringToTheirLimitAreLeftOut) {
  ChainEvaluator evaluator;
  for (const SensitivityRow& r : linearize_feeder(evaluator, chain_query()).rows) {
    EXPECT_EQ(r.probe.limit, limit_vdiff);
    EXPECT_THAT(r.name, testing::AnyOf("voltage_vdiff at a, step 1", "voltage_vdiff at b, step 1"));
  }
}

TEST(FeederLp, NothingToBuildCostsNothing) {
  ChainEvaluator evaluator;
  FeederLpQuery q = chain_query();
  q.units = {{BusId(1), 10}, {BusId(2), 10}};
  q.built = {};
  const FeederAllocation a = allocate_feeder(linearize_feeder(evaluator, q), 2);
  EXPECT_NEAR(a.report.matrix.objective, 0, 1e-9);
  EXPECT_TRUE(a.balanced_usd.empty());
}

TEST(FeederLp, ImpossibleLimitNamesTheRowsInConflict) {
  ChainEvaluator evaluator;
  FeederLpQuery q = chain_query();
  q.units = {{BusId(1), 1000}};
  try {
    allocate_feeder(linearize_feeder(evaluator, q), 1);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
    EXPECT_THAT(e.what(), testing::HasSubstr("infeasible"));
    EXPECT_THAT(e.what(), testing::HasSubstr("voltage_vdiff at "));
  }
}

// ---- the radial feeder -------------------------------------------------------------------------------------------

class Radial : public testing::Test {
 protected:
  explicit Radial(std::string monitors = "i2x") : monitors_(std::move(monitors)) {}
  void SetUp() override {
    EvaluatorOptions options;
    options.precision = Precision::dual;
    options.monitors = monitor_set(network_, monitors_);
    evaluator_ = make_evaluator(network_, options);
    query_.units = notebook_queue().units;
    query_.line_cost = [this](BusId b) { return network_.buses[b.index()].branch.length_ft * 196; };
  }

  StateBatch state(const std::vector<BusId>& built) const {
    StateBatch s;
    s.upgrade_sets[0] = {built.begin(), built.end()};
    for (const Unit& u : query_.units) s.add_der(u.site, u.kw);
    s.finish_state(UpgradeSetId(0));
    return s;
  }

  //! The notebook's 13 lines: the path from bus_1113 towards the source until the day passes.
  void build_path() {
    for (BusId b = network_.find_bus("bus_1113").value(); b.valid(); b = network_.buses[b.index()].parent) {
      if (evaluator_->evaluate(state(query_.built)).front().violations == 0) break;
      if (!network_.buses[b.index()].branch.upgradable) continue;
      query_.built.push_back(b);
      std::sort(query_.built.begin(), query_.built.end());
    }
  }

  std::string monitors_;
  const Network& network_ = radial();
  std::unique_ptr<Evaluator> evaluator_;
  FeederLpQuery query_;
};

TEST_F(Radial, MeterMeasuresWhatTheEvaluatorMeasures) {
  build_path();
  const Quantities q = evaluator_->evaluate(state(query_.built)).front();
  MeteredDay day{evaluator_->trace(state(query_.built)), std::vector<char>(network_.buses.size(), 0)};
  for (BusId b : query_.built) day.upgraded[b.index()] = 1;
  const DayMeter meter(network_, 2);
  EXPECT_NEAR(std::abs(meter.value(
                  day, day, {limit_vdiff, static_cast<std::size_t>(q[limit_vdiff].place), q[limit_vdiff].step, 1})),
              q[limit_vdiff].value, 1e-6);
  EXPECT_NEAR(
      meter.value(day, day,
                  {limit_emergency, static_cast<std::size_t>(q[limit_emergency].place), q[limit_emergency].step, 1}),
      q[limit_emergency].value, 1e-3);
  double vmax = 0;
  for (std::size_t n = 0; n < meter.num_nodes(); ++n)
    vmax = std::max(vmax, meter.value(day, day, {limit_vmax, n, q[limit_vmax].step, 1}));
  EXPECT_NEAR(vmax, q[limit_vmax].value, 1e-8);
}

TEST_F(Radial, NotebookCluster) {
  build_path();
  double built_cost = 0;
  for (BusId b : query_.built) built_cost += query_.line_cost(b);
  EXPECT_EQ(query_.built.size(), 13u);
  EXPECT_NEAR(built_cost, 3363360, 1e-6);
  const FeederLp lp = linearize_feeder(*evaluator_, query_);
  const FeederAllocation a = allocate_feeder(lp, query_.units.size());
  std::ostringstream table;
  print_feeder_allocation(a, query_, network_, table);
  EXPECT_THAT(table.str(), testing::HasSubstr("unit 7 at bus_1113"));
  EXPECT_TRUE(a.report.ambiguous_rows().empty());
  // What was built passes in AC and the program is exact there, so it can cost no more.
  EXPECT_LE(a.report.matrix.objective, built_cost + 1);
  EXPECT_GT(a.report.matrix.objective, 0.5 * built_cost);
  const double units = std::accumulate(a.unit_usd.begin(), a.unit_usd.end(), 0.0);
  EXPECT_NEAR(units + a.limits_usd + a.bounds_usd, a.report.matrix.objective, 1e-3);
  EXPECT_NEAR(std::accumulate(a.balanced_usd.begin(), a.balanced_usd.end(), 0.0), a.report.matrix.objective, 1e-3);
  // bus_xf lies at the substation and shares no upgraded line's voltage drop.
  EXPECT_LT(std::abs(a.balanced_usd[6]), 0.01 * a.report.matrix.objective);
  EXPECT_EQ(std::max_element(a.balanced_usd.begin(), a.balanced_usd.end()) - a.balanced_usd.begin(), 7);
}

TEST_F(Radial, PredictsTheStateWithoutUpgrades) {
  build_path();
  const FeederLp lp = linearize_feeder(*evaluator_, query_);
  double predicted = 0;
  for (const SensitivityRow& r : lp.rows) {
    if (r.probe.limit != limit_vdiff) continue;
    double x = r.value;
    for (std::size_t e = 0; e < lp.candidates.size(); ++e) x -= r.per_line[e] * lp.built[e];
    predicted = std::max(predicted, x);
  }
  const double ac = evaluator_->evaluate(state({})).front()[limit_vdiff].value;
  // 13 lines at once, though each was differentiated alone: 5.01 against 4.99 %.
  EXPECT_NEAR(predicted, ac, 0.01 * ac);
}

//! Queue 47 of experiments/order_luck in the state that its orders end in most often: three regulators above the place
//! that binds, taps that move within a percent of several units.
struct BehindRegulators : Radial {
  BehindRegulators() : Radial("all") {}
  void SetUp() override {
    Radial::SetUp();
    query_.units.clear();
    for (const auto& [name, kw] : std::initializer_list<std::pair<const char*, double>>{{"bus_4", 111},
                                                                                        {"bus_23", 125},
                                                                                        {"bus_26", 253},
                                                                                        {"bus_1", 122},
                                                                                        {"bus_1305", 519},
                                                                                        {"bus_f", 266},
                                                                                        {"bus_30", 511},
                                                                                        {"bus_29", 345},
                                                                                        {"bus_f", 295},
                                                                                        {"bus_17", 334},
                                                                                        {"bus_31", 119},
                                                                                        {"bus_1105", 350}})
      query_.units.push_back({network_.find_bus(name).value(), kw});
    for (const char* name : {"bus_29", "bus_30", "bus_31", "bus_32", "bus_33"})
      query_.built.push_back(network_.find_bus(name).value());
  }
};

TEST_F(BehindRegulators, RoundingDecidesOnNoProgram) {
  const FeederAllocation first = allocate_feeder(linearize_feeder(*evaluator_, query_), query_.units.size());
  EXPECT_GT(first.report.matrix.objective, 0);
  for (int k = 1; k <= 4; ++k) {
    FeederLpQuery near = query_;
    for (Unit& u : near.units) u.kw *= 1 + k * 1e-13;
    const FeederAllocation a = allocate_feeder(linearize_feeder(*evaluator_, near), near.units.size());
    for (std::size_t u = 0; u < near.units.size(); ++u)
      EXPECT_NEAR(a.unit_usd[u], first.unit_usd[u], 1e-5 * first.report.matrix.objective) << u << " moved by " << k;
  }
}

TEST_F(BehindRegulators, AUnitsEffectIsTakenWhereNoTapMoves) {
  const FeederLp lp = linearize_feeder(*evaluator_, query_);
  const auto row = std::find_if(lp.rows.begin(), lp.rows.end(),
                                [](const SensitivityRow& r) { return r.name == "voltage_vdiff at bus_33, step 163"; });
  ASSERT_NE(row, lp.rows.end());
  // All below the last regulator on the way to bus_33: the farther out, the larger, and a few percent apart.
  const double bus_29 = row->per_kw[7], bus_30 = row->per_kw[6], bus_31 = row->per_kw[10];
  EXPECT_GT(bus_29, 0.8 * bus_30);
  EXPECT_GT(bus_30, 0.8 * bus_31);
  EXPECT_GT(bus_31, bus_30);
  EXPECT_GT(bus_30, bus_29);
}

}  // namespace
}  // namespace gridqueue

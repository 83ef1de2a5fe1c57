// What an import makes of loads, generators and the source over a day, against closed forms and OpenDSS's own numbers.
#include <gmock/gmock.h>

#include <cmath>
#include <functional>
#include <sstream>

#include "gridqueue/contracts.hpp"
#include "host/dss/import.hpp"
#include "tests/complaint.hpp"
#include "tests/dss/support.hpp"

namespace gridqueue {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Series = std::vector<Complex>;

constexpr int kHours = 24;

DssImportOptions hourly() {
  DssImportOptions options;
  options.day.steps = kHours;
  options.day.step_s = 3600;
  return options;
}

//! load.l: 900 kW, 300 kvar, three phases.
const std::string kRamp =
    "New LoadShape.ramp npts=24 interval=1 mult=(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 "
    "20 21 22 23 24)\n";
Complex at_hour(double hour) { return hour * Complex(900, 300); }

class DayOfLoads : public testing::Test {
 protected:
  void SetUp() override { GQ_NEEDS_DSS(); }

  Network import(const std::string& model, const DssImportOptions& options = hourly()) const {
    return import_dss(folder_.write("model.dss", model), options);
  }
  Network with(const std::string& more, const std::string& load = "model=5 daily=ramp",
               const DssImportOptions& options = hourly()) const {
    return import(kRamp_after_circuit(test::small_model(more, load)), options);
  }
  //! All phases of an element [kVA].
  static Series power(const Network& net, const std::string& name) {
    Series sum(net.num_steps());
    for (const Load& load : net.loads)
      for (std::size_t k = 0; load.name == name && k < sum.size(); ++k)
        sum[k] += Complex(load.kw * net.shapes[static_cast<std::size_t>(load.kw_shape)].value[k],
                          load.kvar * net.shapes[static_cast<std::size_t>(load.kvar_shape)].value[k]);
    return sum;
  }
  static void expect(const Series& power, const std::function<Complex(double hour)>& right) {
    ASSERT_EQ(power.size(), kHours);
    double worst = 0;
    for (int k = 0; k < kHours; ++k)
      worst = std::max(worst, std::abs(power[static_cast<std::size_t>(k)] - right(k + 1)));
    EXPECT_LT(worst, 1e-7) << power.front() << " to " << power.back();
  }
  static std::vector<Load> parts(const Network& net, const std::string& name) {
    std::vector<Load> found;
    for (const Load& load : net.loads)
      if (load.name == name) found.push_back(load);
    return found;
  }
  const test::TemporaryFolder folder_;

 private:
  static std::string kRamp_after_circuit(std::string model) { return model.insert(model.find("New Line.one"), kRamp); }
};

TEST_F(DayOfLoads, OneShapeKeepsTheModelsOwnNumbers) {
  const Network net = with("");
  ASSERT_EQ(net.shapes.size(), 1u);
  EXPECT_EQ(net.shapes[0].name, "ramp");
  for (int k = 0; k < kHours; ++k) EXPECT_EQ(net.shapes[0].value[static_cast<std::size_t>(k)], k + 1);
  for (const Load& load : net.loads) EXPECT_EQ(std::pair(load.kw, load.kvar), std::pair(300.0, 100.0));
  expect(power(net, "load.l"), at_hour);
}

TEST_F(DayOfLoads, ReactivePowerFollowsItsOwnMultipliers) {
  const Network net = with("LoadShape.ramp.qmult=(24 23 22 21 20 19 18 17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1)\n");
  EXPECT_EQ(net.shapes.size(), 2u);
  expect(power(net, "load.l"), [](double hour) { return Complex(900 * hour, 300 * (25 - hour)); });
}

TEST_F(DayOfLoads, ShapesInKilowattsCountAsTheyAre) {
  const Network net = with("LoadShape.ramp.useactual=yes\nNew Load.m bus1=mid.1 phases=1 kv=7.2 kw=5 daily=ramp\n");
  EXPECT_EQ(net.shapes.size(), 1u);
  expect(power(net, "load.l"), [](double hour) { return hour; });  // without qmult OpenDSS draws no kvar
  expect(power(net, "load.m"), [](double hour) { return hour; });
}

TEST_F(DayOfLoads, Grow) {
  const Network net = with("Set year=6\nSet %growth=4\n");
  expect(power(net, "load.l"), [](double hour) { return std::pow(1.04, 5) * at_hour(hour); });  // year 1 is as given
  EXPECT_EQ(net.shapes.size(), 1u);
}

TEST_F(DayOfLoads, FollowTheLoadMultiplierHoweverLateItIsSet) {
  const std::string model = test::small_model("", "model=5") + "Set loadmult=0.5\n";
  expect(power(import(model), "load.l"), [](double) { return 0.5 * at_hour(1); });
}

TEST_F(DayOfLoads, ExemptFromTheMultiplierOrFixed) {
  const Network exempt = with("Set loadmult=0.5\n", "model=5 daily=ramp status=exempt");
  expect(power(exempt, "load.l"), at_hour);
  const Network fixed = with("Set loadmult=0.5\n", "model=5 daily=ramp status=fixed");
  expect(power(fixed, "load.l"), [](double) { return at_hour(1); });
}

TEST_F(DayOfLoads, WithoutAShapeAreConstant) {
  const Network net = with("", "model=1");
  ASSERT_EQ(net.shapes.size(), 1u);
  EXPECT_THAT(net.shapes[0].value, testing::Each(1.0));
  expect(power(net, "load.l"), [](double) { return at_hour(1); });
}

TEST_F(DayOfLoads, CommandsRunAfterCompiling) {
  DssImportOptions options = hourly();
  options.commands = {"batchedit load..* daily=ramp", "load.l.kw=90"};
  expect(power(with("", "model=1", options), "load.l"), [](double hour) { return hour * Complex(90, 30); });
}

TEST_F(DayOfLoads, EachFollowsItsOwnShape) {
  const Network net = with(
      "New LoadShape.own npts=4 hour=(1 7 13 24) mult=(1 0.5 0.5 2) interval=0\n"
      "New Load.m bus1=mid.2 phases=1 kv=7.2 kw=40 kvar=0 model=2 daily=own\n"
      "New Load.none bus1=mid.3 phases=1 kv=7.2 kw=0 kvar=0\n");
  expect(power(net, "load.l"), at_hour);
  const Series own = power(net, "load.m");
  EXPECT_NEAR(own[3].real(), 30, 1e-9);  // between 1 h and 7 h
  EXPECT_NEAR(own[12].real(), 20, 1e-9);
  EXPECT_NEAR(own[23].real(), 80, 1e-9);
  expect(power(net, "load.none"), [](double) { return 0.0; });
}

TEST_F(DayOfLoads, ReactivePowerThatNoShapeMoves) {
  const Network net = with("New Load.m bus1=mid phases=3 kv=12.47 kw=30 kvar=12 model=7 daily=ramp\nSet loadmult=2\n",
                           "model=6 daily=ramp");
  expect(power(net, "load.l"), [](double hour) { return Complex(1800 * hour, 300); });
  expect(power(net, "load.m"), [](double hour) { return Complex(60 * hour, 12); });
  EXPECT_EQ(parts(net, "load.l")[0].model, LoadModel::fixed_q);
  EXPECT_EQ(parts(net, "load.m")[0].model, LoadModel::fixed_q_impedance);
}

TEST_F(DayOfLoads, TheSourceFollowsItsShape) {
  const Network net = with(
      "New LoadShape.volts npts=2 interval=12 mult=(1.01 0.98)\n"
      "Vsource.source.daily=volts\n");
  EXPECT_NEAR(net.source_multiplier[5], 0.98 / 1.02, 1e-10);   // in place of pu; round-half-even(6 / 12) is 0: the last
  EXPECT_NEAR(net.source_multiplier[12], 1.01 / 1.02, 1e-10);  // hour 13
  EXPECT_NEAR(std::abs(net.source_voltage[0]), 1.02 * 12470 / std::sqrt(3.0), 1e-6);
}

TEST_F(DayOfLoads, PhasesOfTheSourceInAnotherOrder) {
  std::string model = test::small_model();
  const auto source = model.find("bus1=source");
  const Network net = import(model.replace(source, 11, "bus1=source.1.3.2 angle=10"));
  const double volts = 1.02 * 12470 / std::sqrt(3.0);
  for (std::size_t n = 0; n < 3; ++n) {
    const double angle = (10.0 + (n == 0 ? 0 : n == 1 ? 120 : -120)) * M_PI / 180;
    EXPECT_LT(std::abs(net.source_voltage[n] - std::polar(volts, angle)), 1e-5)
        << n;  // OpenDSS's degree has ten digits
  }
  EXPECT_THAT(net.source_multiplier, testing::Each(1.0));
}

TEST_F(DayOfLoads, BeginWhereTheModelWouldNot) {
  const Network plain = with("");
  const std::string model = test::small_model("", "model=5 daily=ramp");
  for (const std::string last : {"Solve mode=daily number=12 stepsize=1h\n", "Set mode=yearly hour=7\n"}) {
    const Network left = with(last);
    expect(power(left, "load.l"), at_hour);
    for (std::size_t i = 0; i < plain.buses.size(); ++i)
      EXPECT_LT(std::abs(left.buses[i].v_initial[0] - plain.buses[i].v_initial[0]), 1) << last;
  }
}

TEST_F(DayOfLoads, WithoutASolveInTheModel) {
  std::string model = test::small_model();
  model = model.substr(0, model.rfind("Solve"));
  const Network net = import(model);
  EXPECT_GT(std::abs(net.buses.back().v_initial[0]), 6500);
}

TEST_F(DayOfLoads, OfAYearFromAnyHour) {
  std::string numbers;
  for (int hour = 1; hour <= 8760; ++hour) numbers += fmt::format("{}\n", 1e-4 * hour);
  folder_.write("year.csv", numbers);
  DssImportOptions options = hourly();
  options.day.mode = "yearly";
  options.day.start_hours = {4000};
  const Network net = with("New LoadShape.year npts=8760 interval=1 mult=(file=year.csv)\nLoad.l.yearly=year\n",
                           "model=5 daily=ramp", options);
  expect(power(net, "load.l"), [](double hour) { return 1e-4 * at_hour(4000 + hour); });
  options.day.start_hours = {0.5};  // round-half-even takes every other hour twice
  options.day.mode = "daily";
  expect(power(with("", "model=5 daily=ramp", options), "load.l"),
         [](double hour) { return at_hour(std::nearbyint(hour + 0.5)); });
}

TEST_F(DayOfLoads, NegativeOnes) {
  const Network net = with("", "kw=-90 kvar=-30 model=1 daily=ramp");
  expect(power(net, "load.l"), [](double hour) { return -0.1 * at_hour(hour); });
  EXPECT_EQ(net.shapes.size(), 1u);
  EXPECT_EQ(parts(net, "load.l")[0].kw, -30);
}

TEST_F(DayOfLoads, BetweenLines) {
  const Network net = with(
      "New Load.ll bus1=mid.3.1 phases=1 kv=12.47 kw=50 kvar=10 model=1 vminpu=0.8\n"
      "New Load.open bus1=mid.1.2.3 phases=2 conn=delta kv=12.47 kw=40 kvar=10\n",
      "conn=delta daily=ramp");
  expect(power(net, "load.l"), at_hour);
  expect(power(net, "load.ll"), [](double) { return Complex(50, 10); });
  expect(power(net, "load.open"), [](double) { return Complex(40, 10); });
  const auto delta = parts(net, "load.l"), line = parts(net, "load.ll"), open = parts(net, "load.open");
  ASSERT_EQ(delta.size(), 3u);
  for (int n = 0; n < 3; ++n) {
    EXPECT_EQ(delta[static_cast<std::size_t>(n)].node, n);
    EXPECT_EQ(delta[static_cast<std::size_t>(n)].to_node, (n + 1) % 3);
  }
  EXPECT_EQ(delta[0].kv, 12.47);
  ASSERT_EQ(line.size(), 1u);
  EXPECT_EQ(std::pair(line[0].node, line[0].to_node), std::pair(2, 0));
  EXPECT_EQ(line[0].vmin_pu, 0.8);
  ASSERT_EQ(open.size(), 2u);
  EXPECT_EQ(std::pair(open[1].node, open[1].to_node), std::pair(1, 2));
}

TEST_F(DayOfLoads, OfTwoPhasesWithANeutral) {
  const Network net = with(
      "New Line.four phases=4 bus1=mid.1.2.3.0 bus2=far.1.2.3.4 rmatrix=(1 | 0 1 | 0 0 1 | 0 0 0 1) xmatrix=(1 | 0 1 | "
      "0 0 1 | 0 0 0 1) cmatrix=(0 | 0 0 | 0 0 0 | 0 0 0 0) length=1\n"
      "New Load.n bus1=far.1.3.4 phases=2 kv=12.47 kw=60 kvar=20\n"
      "New Load.one bus1=far.2.4 phases=1 kv=7.2 kw=30 kvar=10\n"
      "New Load.g bus1=mid.1.2.0 phases=2 kv=12.47 kw=60 kvar=20\n");
  expect(power(net, "load.n"), [](double) { return Complex(60, 20); });
  const auto neutral = parts(net, "load.n"), one = parts(net, "load.one"), grounded = parts(net, "load.g");
  ASSERT_EQ(neutral.size(), 2u);
  EXPECT_EQ(std::pair(neutral[0].node, neutral[0].to_node), std::pair(0, 3));
  EXPECT_EQ(std::pair(neutral[1].node, neutral[1].to_node), std::pair(2, 3));
  EXPECT_NEAR(neutral[0].kv, 12.47 / std::sqrt(3.0), 1e-12);
  EXPECT_EQ(std::pair(one[0].node, one[0].to_node), std::pair(1, 3));
  EXPECT_EQ(one[0].kv, 7.2);
  EXPECT_EQ(grounded[1].to_node, -1);
}

TEST_F(DayOfLoads, GeneratorsAtConstantPower) {
  const std::string curves =
      "New XYCurve.eff npts=2 xarray=(0.1 1) yarray=(0.9 0.96)\nNew XYCurve.temp npts=2 xarray=(0 75) yarray=(1.2 "
      "0.8)\n"
      "New LoadShape.sun npts=24 interval=1 mult=(0 0 0 0 0 .05 .1 .3 .5 .7 .9 1 1 .9 .8 .6 .4 .2 .1 0 0 0 0 0)\n"
      "New TShape.warm npts=24 interval=1 temp=(25 25 25 25 25 25 30 35 40 45 50 50 50 50 45 45 40 35 30 25 25 25 25 "
      "25)\n";
  const std::string pv =
      "New PVSystem.p bus1=mid kv=12.47 kva=400 pmpp=500 pf=0.95 effcurve=eff p-tcurve=temp "
      "daily=sun tdaily=warm %cutin=0.1 %cutout=0.1 vminpu=0.85 vmaxpu=1.15\n";
  const std::string machine = "New Generator.g bus1=mid.2 phases=1 kv=7.2 kw=30 kvar=10 model=1 daily=ramp\n";
  const std::string text = curves + pv + machine;
  const Network net = with(text);
  expect(power(net, "generator.g"), [](double hour) { return -hour * Complex(30, 10); });
  const std::string master = folder_.at("model.dss");
  std::istringstream numbers(run_isolated([&] {  // within vminpu and vmaxpu all the time
    DssEngine dss;
    dss.command("redirect \"" + master + "\"");
    dss.command("set tolerance=1e-10");
    dss.command("set mode=daily controlmode=off number=1 stepsize=1h");
    std::string out;
    for (int k = 0; k < kHours; ++k) {
      dss.command("solve");
      dss.select_element("pvsystem.p");
      const auto volts = dss.element_voltages(), amps = dss.currents();
      Complex drawn = 0;
      for (std::size_t c = 0; c < volts.size(); ++c) drawn += volts[c] * std::conj(amps[c]) / 1e3;
      out += fmt::format("{} {}\n", drawn.real(), drawn.imag());
    }
    return out;
  }));
  const Series measured = power(net, "pvsystem.p");
  double largest = 0;
  for (int k = 0; k < kHours; ++k) {
    double kw = 0, kvar = 0;
    numbers >> kw >> kvar;
    EXPECT_LT(std::abs(measured[static_cast<std::size_t>(k)] - Complex(kw, kvar)), 1e-6) << k;
    largest = std::max(largest, -kw);
  }
  EXPECT_GT(largest, 300);
  const auto inverter = parts(net, "pvsystem.p");
  ASSERT_EQ(inverter.size(), 3u);
  EXPECT_EQ(inverter[0].model, LoadModel::generation);
  EXPECT_LT(inverter[0].kw, 0);
  EXPECT_EQ(std::pair(inverter[0].vmin_pu, inverter[0].vmax_pu), std::pair(0.85, 1.15));
  const Bus& mid = net.buses[net.find_bus("mid")->index()];
  EXPECT_TRUE(mid.has_generator && !mid.has_load);
}

TEST_F(DayOfLoads, PvIsScaledWithinTheDayUsed) {
  std::string numbers;
  for (int hour = 1; hour <= 48; ++hour) numbers += fmt::format("{}\n", hour <= 24 ? 0.01 * hour : 1.0);
  DssImportOptions options = hourly();
  folder_.write("pair.csv", numbers);
  options.pv_shape = "pair";
  const Network net = with("New LoadShape.pair npts=48 interval=1 mult=(file=pair.csv)\n", "model=5", options);
  EXPECT_NEAR(net.pv_shape[11], 0.5, 1e-12);
  EXPECT_EQ(net.pv_shape[23], 1);
  options.pv_shape = folder_.at("pair.csv");  // 48 lines = half hours of one day
  EXPECT_EQ(with("", "model=5", options).pv_shape[23], 1);
  options.pv_shape = "nowhere";
  EXPECT_THROW(with("", "model=5", options), Error);
  for (const char* first : {"0.2,", "\"0.2\"", ".2;", "-1 kW"}) {
    options.pv_shape = folder_.write("columns.csv", std::string(first) + "\n0.5\n1\n");
    EXPECT_THAT(test::complaint([&] { return with("", "model=5", options); }),
                testing::HasSubstr("columns.csv' line 1"));
  }
  options.pv_shape = folder_.write("words.csv", "sun\n0\nmuch\n");
  EXPECT_THROW(with("", "model=5", options), Error);
}

TEST_F(DayOfLoads, AByteOrderMarkIsNoHeading) {
  DssImportOptions options = hourly();
  const auto sun = [&](const std::string& text) {
    options.pv_shape = folder_.write("sun.csv", text);
    return with("", "model=5", options).pv_shape;
  };
  const std::vector<double> plain = sun("0.2\n0.5\n1\n");
  EXPECT_THAT(plain, testing::Contains(0.2));
  EXPECT_EQ(sun("\xEF\xBB\xBF" + std::string("0.2\n0.5\n1\n")), plain);
  EXPECT_EQ(sun("\xEF\xBB\xBFsun\r\n0.2\r\n0.5\r\n1\r\n"), plain);
}

TEST_F(DayOfLoads, PvOfAModelWithoutASun) {
  std::string model = test::small_model();
  const auto shape = model.find("New LoadShape.pcloud");
  const Network net = import(model.erase(shape, model.find('\n', shape) - shape), DssImportOptions());
  EXPECT_EQ(net.pv_shape[71], 0);  // 6 h
  EXPECT_THAT(net.pv_shape, testing::Each(testing::AllOf(testing::Ge(0), testing::Le(1))));
  EXPECT_GT(*std::max_element(net.pv_shape.begin(), net.pv_shape.end()), 0.95);
}

TEST_F(DayOfLoads, EveryObstacleIsToldAtOnce) {
  std::string more =
      "New Storage.s bus1=end kv=12.47 kwrated=10 state=discharging\nNew Line.back bus1=end bus2=source\n";
  for (int i = 1; i <= 5; ++i)
    more += fmt::format("New Load.z{} bus1=mid.1 phases=1 kv=7.2 kw=1 model=8 zipv=[.2 .3 .5 .2 .3 .5 .5]\n", i);
  try {
    with(more);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
    EXPECT_THAT(e.what(), AllOf(HasSubstr("'load.z1', 'load.z2', 'load.z3' and 2 more: a cut-off of load model 8"),
                                HasSubstr("storage.s"), HasSubstr("loop")));
  }
}

TEST_F(DayOfLoads, AModelWithoutVoltageBasesIsTheSameOne) {
  std::string model = test::small_model();
  model = model.substr(0, model.find("Set voltagebases")) + "Solve\n";
  const Network derived = import(model);
  DssImportOptions options = hourly();
  options.commands = {"Set voltagebases=[12.47]", "CalcVoltageBases"};
  const Network told = import(model, options);
  ASSERT_EQ(derived.buses.size(), told.buses.size());
  for (std::size_t i = 0; i < told.buses.size(); ++i)
    EXPECT_NEAR(derived.buses[i].kv_base, told.buses[i].kv_base, 1e-9) << told.buses[i].name;
}

}  // namespace
}  // namespace gridqueue

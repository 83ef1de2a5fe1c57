// Limits against OpenDSS's own day: voltages below 1 kV, unbalance, reverse power, loadings with no-load currents.
#include <gmock/gmock.h>

#include <cmath>
#include <cstring>
#include <map>
#include <numbers>

#include "gridqueue/evaluation.hpp"
#include "host/dss/day_choice.hpp"
#include "host/dss/import.hpp"
#include "tests/dss/situations.hpp"
#include "tests/dss/support.hpp"

namespace gridqueue {
namespace {

//! Largest over a day, as OpenDSS has it.
struct DssExtremes {
  double low_vmax = 0, low_vmin = -9, vmax = 0, vmin = -9;  //!< [pu] below 1 kV, above; lowest with their sign turned
  double unbalance_pct = 0, reverse_kw = -1e9;
  std::vector<double> amps;  //!< at terminal 1 of each element asked for
};

class DssMeter {
 public:
  DssMeter(DssEngine& dss, const Network& net, const std::vector<std::string>& elements)
      : dss_(dss), net_(net), elements_(elements) {
    const auto names = dss.node_names();
    for (std::size_t i = 0; i < names.size(); ++i) row_[names[i]] = i;
    found_.amps.assign(elements.size(), 0);
  }
  void step() {
    const auto v = dss_.node_voltages();
    for (const Bus& b : net_.buses) {
      const bool low = b.kv_base * std::sqrt(3.0) < 0.99;
      const auto at = [&](std::size_t n) { return v[row_.at(fmt::format("{}.{}", b.name, b.phase[n]))]; };
      for (std::size_t n = 0; n < static_cast<std::size_t>(b.num_nodes); ++n) {
        const double pu = std::abs(at(n)) / (b.kv_base * 1e3);
        double &high = low ? found_.low_vmax : found_.vmax, &lowest = low ? found_.low_vmin : found_.vmin;
        high = std::max(high, pu), lowest = std::max(lowest, -pu);
      }
      if (b.num_nodes >= 3) unbalance(at(0), at(1), at(2));
    }
    reverse("vsource.source", 0);
    for (const Regulator& r : net_.regulators) reverse(r.name, 1);
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      dss_.select_element(elements_[i]);
      const auto amps = dss_.currents();
      for (std::size_t c = 0; c < dss_.element_nodes().front().size(); ++c)
        if (dss_.element_nodes().front()[c] > 0) found_.amps[i] = std::max(found_.amps[i], std::abs(amps[c]));
    }
  }
  [[nodiscard]] const DssExtremes& found() const { return found_; }

 private:
  void unbalance(Complex a, Complex b, Complex c) {
    const Complex turn = std::polar(1.0, 2 * std::numbers::pi / 3);
    const double positive = std::abs(a + turn * b + turn * turn * c),
                 negative = std::abs(a + turn * turn * b + turn * c);
    found_.unbalance_pct = std::max(found_.unbalance_pct, 100 * negative / positive);
  }
  //! Power into the element at a terminal: towards the source.
  void reverse(const std::string& element, std::size_t terminal) {
    dss_.select_element(element);
    const auto amps = dss_.currents(), volts = dss_.element_voltages();
    const std::size_t conductors = dss_.element_nodes().front().size();
    double watts = 0;
    for (std::size_t c = terminal * conductors; c < (terminal + 1) * conductors; ++c)
      watts += (volts[c] * std::conj(amps[c])).real();
    found_.reverse_kw = std::max(found_.reverse_kw, watts / 1e3);
  }

  DssEngine& dss_;
  const Network& net_;
  const std::vector<std::string>& elements_;
  std::map<std::string, std::size_t> row_;
  DssExtremes found_;
};

DssExtremes opendss_day(const std::string& model, const Network& net, const std::vector<std::string>& elements) {
  const std::string bytes = run_isolated([&] {
    DssEngine dss;
    dss.command("redirect \"" + model + "\"");
    start_snapshot(dss, "static");
    dss.command("solve");
    dss.command("set tolerance=1e-9 maxiterations=100");
    start_day(dss, {}, "static");
    DssMeter meter(dss, net, elements);
    for (std::size_t k = 0; k < net.num_steps(); ++k) {
      dss.command("solve");
      meter.step();
    }
    const DssExtremes& e = meter.found();
    std::vector<double> all{e.low_vmax, e.low_vmin, e.vmax, e.vmin, e.unbalance_pct, e.reverse_kw};
    all.insert(all.end(), e.amps.begin(), e.amps.end());
    return std::string(reinterpret_cast<const char*>(all.data()), all.size() * sizeof(double));
  });
  std::vector<double> all(bytes.size() / sizeof(double));
  std::memcpy(all.data(), bytes.data(), bytes.size());
  return {all[0], all[1], all[2], all[3], all[4], all[5], {all.begin() + 6, all.end()}};
}

Quantities base_day(const Network& net) {
  EvaluatorOptions options;
  options.precision = Precision::dual;
  options.monitors = monitor_set(net, "all");
  options.limits.unbalance_pct = 2, options.limits.reverse_power_kw = 0;
  StateBatch base;
  base.finish_state(UpgradeSetId(0));
  return make_evaluator(net, options)->evaluate(base).front();
}

//! Largest current of one element: the loading of a feeder on which nothing else is rated.
double amps_of(Network net, const std::string& element) {
  double rating = 0;
  for (Bus& b : net.buses) {
    Branch& branch = b.branch;
    if (branch.name != element) branch.normal_amps = branch.emergency_amps = 0;
    rating = std::max(rating, branch.emergency_amps);
    for (BranchElement& e : branch.elements) {
      if (e.name != element) e.normal_amps = e.emergency_amps = 0;
      rating = std::max(rating, e.emergency_amps);
    }
  }
  EXPECT_GT(rating, 0) << element;
  return base_day(net)[limit_emergency].value / 100 * rating;
}

class DssLimits : public testing::Test {
 protected:
  void SetUp() override { GQ_NEEDS_DSS(); }
  [[nodiscard]] std::string write(const std::vector<std::pair<std::string, std::string>>& changes) const {
    return folder_.write("model.dss", test::changed_model(changes));
  }
  const test::TemporaryFolder folder_;
};

//! A secondary with loads that differ by phase, and a generator behind the regulators.
TEST_F(DssLimits, VoltagesUnbalanceAndReversePowerAreOpenDss) {
  const std::string model = write({
      {"",
       "new transformer.low windings=2 phases=3 xhl=5 %loadloss=1.2 %noloadloss=.4 %imag=1.5 buses=(m6 lv) "
       "conns=(delta wye) kvs=(12.47 .48) kvas=(500 500)\n"
       "new load.l1 phases=1 bus1=lv.1 kv=.277 kw=90 kvar=30 model=1 daily=day\n"
       "new load.l2 phases=1 bus1=lv.2 kv=.277 kw=160 kvar=50 model=1 daily=day\n"
       "new generator.own phases=3 bus1=m5 kv=12.47 kw=6500 pf=1 model=1 daily=pcloud"},
      {"set voltagebases=[69 12.47]", "set voltagebases=[69 12.47 .48]"},
  });
  const Network net = import_dss(model, {});
  ASSERT_TRUE(low_voltage(net.buses[net.find_bus("lv")->index()]));
  const Quantities q = base_day(net);
  const DssExtremes theirs = opendss_day(model, net, {});
  EXPECT_NEAR(q[limit_lv_vmax].value, theirs.low_vmax, 1e-6);
  EXPECT_NEAR(q[limit_lv_vmin].value, -theirs.low_vmin, 1e-6);
  EXPECT_NEAR(q[limit_vmax].value, theirs.vmax, 1e-6);
  EXPECT_NEAR(q[limit_vmin].value, -theirs.vmin, 1e-6);
  EXPECT_NEAR(q[limit_unbalance].value, theirs.unbalance_pct, 1e-4);
  EXPECT_NEAR(q[limit_reverse_power].value, theirs.reverse_kw, 0.01);
  EXPECT_GT(theirs.reverse_kw, 100);  // through a regulator or the source
  EXPECT_GT(theirs.unbalance_pct, 0.5);
  EXPECT_EQ(q.violations & (limit_unbalance | limit_reverse_power), 0u);  // the base case itself
}

//! A neutral of its own beside the phases.
TEST_F(DssLimits, UnbalanceOfFourWires) {
  const std::string model = write({
      {"",
       "new transformer.low windings=2 phases=3 xhl=5 %loadloss=1.2 buses=(m6 lv.1.2.3.4) conns=(delta wye) "
       "kvs=(12.47 .48) kvas=(500 500)\n"
       "new reactor.ground phases=1 bus1=lv.4 r=2 x=0\n"
       "new load.l1 phases=1 bus1=lv.1.4 kv=.277 kw=20 kvar=10 model=1 daily=day\n"
       "new load.l2 phases=1 bus1=lv.2.4 kv=.277 kw=160 kvar=50 model=1 daily=day"},
      {"set voltagebases=[69 12.47]", "set voltagebases=[69 12.47 .48]"},
  });
  const Network net = import_dss(model, {});
  const BusId four = *net.find_bus("lv");
  ASSERT_EQ(net.buses[four.index()].num_nodes, 4);
  const LimitQuantity q = base_day(net)[limit_unbalance];
  EXPECT_NEAR(q.value, opendss_day(model, net, {}).unbalance_pct, 1e-4);
  EXPECT_EQ(q.place, four.value);
}

//! A substation and a secondary with much magnetising current, a bank that differs in rating, a centre tap, and a
//! transformer whose terminal 1 lies away from the source.
TEST_F(DssLimits, LoadingsHaveTheirNoLoadCurrents) {
  const std::string model = write({
      {"conns=(delta wye) kvs=(69 12.47) kvas=(12000 12000)",
       "conns=(delta wye) kvs=(69 12.47) kvas=(12000 12000) %noloadloss=.5 %imag=2"},
      {"",
       "new transformer.low windings=2 phases=3 xhl=5 %noloadloss=.4 %imag=3 buses=(m6 lv) conns=(delta wye) "
       "kvs=(12.47 .48) kvas=(500 500)\n"
       "new load.l1 phases=3 bus1=lv kv=.48 kw=90 kvar=30 daily=day\n"
       "new transformer.o1 phases=1 buses=(m5.1 od.1) kvs=(7.2 .24) kvas=(50 50) xhl=2 %noloadloss=.3 %imag=1\n"
       "new transformer.o2 phases=1 buses=(m5.2 od.2) kvs=(7.2 .24) kvas=(25 25) xhl=2 %noloadloss=.3 %imag=2\n"
       "new load.o phases=1 bus1=od.1 kv=.24 kw=10 daily=day\n"
       "new transformer.ct phases=1 windings=3 buses=(m1.2 house.1.0 house.0.2) kvs=(7.2 .12 .12) kvas=(25 25 25) "
       "conns=(wye wye wye) xhl=2.04 xht=2.04 xlt=1.36 %noloadloss=.2 %imag=.5\n"
       "new load.h phases=1 bus1=house.1 kv=.12 kw=5 kvar=1 daily=day\n"
       "new transformer.back buses=(far m4) kvs=(4.16 12.47) kvas=(500 500) conns=(wye delta) xhl=4 "
       "%noloadloss=.5 %imag=2\n"
       "new load.f phases=3 bus1=far kv=4.16 kw=200 daily=day"},
      {"set voltagebases=[69 12.47]", "set voltagebases=[69 12.47 4.16 .48 .416 .208]"},
  });
  const Network net = import_dss(model, {});
  const std::vector<std::string> elements{"transformer.main", "transformer.low",  "transformer.o1", "transformer.o2",
                                          "transformer.ct",   "transformer.back", "line.t1"};
  const DssExtremes theirs = opendss_day(model, net, elements);
  for (std::size_t i = 0; i < elements.size(); ++i)
    EXPECT_NEAR(amps_of(net, elements[i]) / theirs.amps[i], 1, 1e-4) << elements[i];
  Network without = net;  // or the test would say nothing
  for (Bus& b : without.buses) {
    b.branch.y_terminal1 = {};
    for (BranchElement& e : b.branch.elements) e.y_terminal1 = {};
  }
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_GT(std::abs(amps_of(without, elements[i]) / theirs.amps[i] - 1), 1e-3) << elements[i];
  EXPECT_NE(net.buses[net.find_bus("lv")->index()].branch.y_terminal1, NodeMatrix{});
  EXPECT_EQ(net.buses[net.find_bus("m3")->index()].branch.y_terminal1, NodeMatrix{});  // anti-float alone
}

}  // namespace
}  // namespace gridqueue

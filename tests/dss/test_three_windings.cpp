// Transformers with windings at three buses: days, taps and exports are OpenDSS's.
#include <gmock/gmock.h>

#include "gridqueue/unit_site.hpp"
#include "host/model/bus_names.hpp"
#include "tests/dss/control_days.hpp"

namespace gridqueue {
namespace {

using testing::HasSubstr;

//! Loads on two of three phases, to ground or between them.
std::string unequal_loads(const std::string& bus, double kv, const std::string& connection, double kw) {
  const bool wye = connection == "wye";
  return fmt::format(
      "New Load.{0}1 bus1={0}.{1} phases=1 conn={2} kv={3} kw={4} kvar={5} model=1 vminpu=.8 vmaxpu=1.2 daily=ld\n"
      "New Load.{0}2 bus1={0}.2.3 phases=1 conn=delta kv={6} kw={5} kvar={5} model=5 daily=ld\n",
      bus, wye ? "1" : "1.2", connection, wye ? kv / std::sqrt(3.0) : kv, kw, kw / 3, kv);
}

struct Windings {
  std::string conns[3] = {"wye", "wye", "wye"};
  std::string reactances = "xhl=8 xht=20 xlt=10", more = "%rs=(.3 .3 .3)";
};

//! 115 kV to 12.47 and 4.16 kV, a line and loads at either; `controls` stand behind it.
std::string model(const Windings& w, const std::string& controls = "") {
  return test::kHead +
         fmt::format(
             "New Transformer.t3 phases=3 windings=3 buses=(src mv lv) kvs=(115 12.47 4.16) kvas=(10000 10000 "
             "10000) conns=({}) %noloadloss=.2 %imag=.5 {} {}\n",
             fmt::join(w.conns, " "), w.reactances, w.more) +
         test::line("m", "mv", "mv2", 3) + test::line("l", "lv", "lv2", .3) +
         unequal_loads("mv2", 12.47, w.conns[1], 1500) + unequal_loads("lv2", 4.16, w.conns[2], 700) + controls +
         "Set VoltageBases=[115 12.47 4.16]\nSet MaxControlIter=100\nCalcVoltageBases\nSolve\n";
}

std::string control(int winding, int tapped, const std::string& settings) {
  return fmt::format("New RegControl.r{} transformer=t3 winding={} tapwinding={} band=2 ptratio={} {}\n", winding,
                     winding, tapped, winding == 2 ? 60 : 20, settings);
}

struct ThreeWindings : test::Controls {};

TEST_F(ThreeWindings, OfEveryConnection) {
  for (const char* one : {"wye", "delta"})
    for (const char* two : {"wye", "delta"})
      for (const char* three : {"wye", "delta"}) {
        SCOPED_TRACE(fmt::format("{} {} {}", one, two, three));
        expect_openDss_and_export(model({.conns = {one, two, three}}), 0);
      }
  expect_openDss_and_export(model({.conns = {"delta", "wye", "delta"}, .more = "leadlag=lead"}), 0);
}

//! An impedance of the star is 0, below 0, or beside a delta.
TEST_F(ThreeWindings, OfAnyImpedances) {
  expect_openDss_and_export(model({.reactances = "xhl=8 xht=18 xlt=10", .more = "%rs=(.3 0 .3)"}), 0);
  expect_openDss_and_export(model({.reactances = "xhl=8 xht=10 xlt=18", .more = "%rs=(0 .3 .3)"}), 0);
  expect_openDss_and_export(model({.reactances = "xhl=8 xht=22 xlt=10"}), 0);
  expect_openDss_and_export(model({.conns = {"wye", "wye", "delta"}, .reactances = "xhl=8 xht=22 xlt=10"}), 0);
  expect_openDss_and_export(model({.more = "taps=(1.025 .975 1.0125) kvas=(10000 6000 3000)"}), 0);
}

TEST_F(ThreeWindings, WithTapsOnAnyWinding) {
  expect_openDss_and_export(model({}, control(2, 2, "vreg=121") + control(3, 3, "vreg=120")), 20);
  expect_openDss_and_export(model({}, control(2, 1, "vreg=121")), 5);
  expect_openDss_and_export(model({.conns = {"delta", "wye", "wye"}},
                                  control(2, 1, "vreg=121") + control(3, 3, "vreg=120 ctprim=600 r=2 x=3")),
                            20);
}

//! The first winding lies away from the source; a single-phase one leads to two buses.
TEST_F(ThreeWindings, InAnyOrderAndOfOnePhase) {
  std::string turned = model({.conns = {"wye", "wye", "delta"}});
  turned.replace(turned.find("(src mv lv) kvs=(115 12.47 4.16)"), 32, "(mv src lv) kvs=(12.47 115 4.16)");
  expect_openDss_and_export(turned, 0);
  std::string small = model({});
  small.insert(
      small.find("Set VoltageBases"),
      "New Transformer.one phases=1 windings=3 buses=(mv2.2 a.1 b.1) kvs=(7.2 .12 .24) kvas=(50 50 50) %rs=(.6 "
      "1.2 1.2) xhl=2.04 xht=2.04 xlt=1.36 %noloadloss=.2 %imag=.5\n"
      "New Load.a bus1=a.1 phases=1 kv=.12 kw=20 kvar=5 daily=ld\n"
      "New Load.b bus1=b.1 phases=1 kv=.24 kw=15 kvar=5 daily=ld\n");
  small.replace(small.find("[115 12.47 4.16]"), 16, "[115 12.47 4.16 .415692 .208]");
  expect_openDss_and_export(small, 0);
}

//! Where its branches meet is no bus of the model.
TEST_F(ThreeWindings, InnerBusIsHidden) {
  const Network net = import_dss(folder_.write("model.dss", model({})), {});
  const auto inner = std::ranges::find_if(net.buses, &Bus::inner);
  ASSERT_NE(inner, net.buses.end());
  EXPECT_THAT(bus_names(net), testing::UnorderedElementsAre("src", "mv", "mv2", "lv", "lv2"));
  EXPECT_FALSE(net.find_bus(inner->name));
  EXPECT_THAT(monitor_set(net, "all").buses, testing::SizeIs(5));
  const BusId id(static_cast<std::size_t>(inner - net.buses.begin()));
  std::string why;
  EXPECT_THAT(where_units_stand(net, {UnitSite(id)}, why), testing::IsEmpty());
  for (const SiteKind kind : {SiteKind::any, SiteKind::secondary})
    EXPECT_THAT(sites_of_kind(net, kind), testing::Not(testing::Contains(testing::Field(&UnitSite::bus, id))));
}

TEST_F(ThreeWindings, WhatIsNotAlikeIsRefusedByName) {
  try {
    import_dss(folder_.write("model.dss", model({}, "Open Transformer.t3 3 2\n")), {});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("transformer.t3"));
  }
}

}  // namespace
}  // namespace gridqueue

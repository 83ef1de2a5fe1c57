// Lines that lead on phases which no source reaches, or with a conductor open at one end.
#include <fmt/core.h>

#include "tests/dss/situation_checks.hpp"
#include "tests/dss/situations.hpp"

namespace gridqueue {
namespace {

const std::string kCables =
    "new linecode.cable nphases=3 r1=.2 x1=.12 r0=.6 x0=.3 c1=350 c0=300 units=km normamps=300\n"
    "new linecode.air nphases=3 r1=.3 x1=.4 r0=.5 x0=1.2 c1=9 c0=4 units=km normamps=300\n";

struct Dead {
  const char *name, *lines;
  double within = 1e-6;  //!< [pu]
};
struct DeadConductorsOf : testing::TestWithParam<Dead> {};

//! a1 has phase 2 alone, a2 phases 1 and 3.
TEST_P(DeadConductorsOf, AreOpenDss) {
  GQ_NEEDS_DSS();
  const test::TemporaryFolder folder;
  const std::string master = folder.write("model.dss", test::changed_model({{"", kCables + GetParam().lines}}));
  EXPECT_LT(test::checked(master).voltage_pu, GetParam().within);
}

INSTANTIATE_TEST_SUITE_P(Each, DeadConductorsOf,
                         testing::Values(Dead{"a_cable_of_three_phases_behind_one",
                                              "new line.q bus1=a1 bus2=q linecode=cable length=8 units=km\n"
                                              "new load.q phases=1 bus1=q.2 kv=7.2 kw=90 model=1 daily=day\n"},
                                         Dead{"an_overhead_line",
                                              "new line.q bus1=a1 bus2=q linecode=air length=15 units=km\n"
                                              "new load.q phases=1 bus1=q.2 kv=7.2 kw=90 model=1 daily=day\n"},
                                         Dead{"a_cable_of_three_phases_behind_two",
                                              "new line.q bus1=a2 bus2=q linecode=cable length=8 units=km\n"
                                              "new load.q phases=1 bus1=q.1 kv=7.2 kw=90 model=1 daily=day\n"},
                                         Dead{"cables_in_series",
                                              "new line.q bus1=a1 bus2=q linecode=cable length=3 units=km\n"
                                              "new load.q phases=1 bus1=q.2 kv=7.2 kw=90 model=1 daily=day\n"
                                              "new line.r bus1=q bus2=r linecode=cable length=5 units=km\n"
                                              "new load.r phases=1 bus1=r.2 kv=7.2 kw=60 model=1 daily=day\n"},
                                         Dead{"a_cable_and_a_line",
                                              "new line.q bus1=a1 bus2=q linecode=cable length=3 units=km\n"
                                              "new load.q phases=1 bus1=q.2 kv=7.2 kw=90 model=1 daily=day\n"
                                              "new line.r bus1=q bus2=r linecode=air length=5 units=km\n"
                                              "new load.r phases=1 bus1=r.2 kv=7.2 kw=60 model=1 daily=day\n",
                                              1e-5},
                                         Dead{"a_load_on_the_dead_phase",
                                              "new line.q bus1=a1 bus2=q linecode=cable length=8 units=km\n"
                                              "new load.q phases=1 bus1=q.2 kv=7.2 kw=90 model=1 daily=day\n"
                                              "new load.d phases=1 bus1=q.1 kv=7.2 kw=90 model=1 daily=day\n",
                                              2e-5},
                                         Dead{"a_conductor_open_at_the_source",
                                              "new line.q bus1=m6 bus2=q linecode=cable length=8 units=km\n"
                                              "new load.q phases=1 bus1=q.2 kv=7.2 kw=90 model=1 daily=day\n"
                                              "open line.q 1 3\n"},
                                         Dead{"a_conductor_open_at_the_end",
                                              "new line.q bus1=m6 bus2=q linecode=cable length=8 units=km\n"
                                              "new load.q phases=1 bus1=q.2 kv=7.2 kw=90 model=1 daily=day\n"
                                              "open line.q 2 3\n"}),
                         [](const auto& s) { return std::string(s.param.name); });

}  // namespace
}  // namespace gridqueue

// Generators, PV systems and idle storage in delta, of one phase or several.
#include <gmock/gmock.h>

#include "tests/dss/situation_checks.hpp"
#include "tests/dss/situations.hpp"

namespace gridqueue {
namespace {

const std::string kLegs =
    "new transformer.ct phases=1 windings=3 buses=(m5.2 s.1.0 s.0.2) kvs=(7.2 .12 .12) kvas=(50 50 50) %loadloss=1.8\n"
    "new line.s phases=2 bus1=s.1.2 bus2=h.1.2 linecode=pair length=.03 units=km\n"
    "new load.s phases=1 bus1=h.1 kv=.12 kw=9 pf=.95 model=1 daily=day\n";

struct GenerationInDelta : testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(GenerationInDelta, IsOpenDss) {
  GQ_NEEDS_DSS();
  const test::TemporaryFolder folder;
  const std::string master =
      folder.write("model.dss", test::changed_model({{"", kLegs + GetParam().second},
                                                     {"voltagebases=[69 12.47]", "voltagebases=[69 12.47 .208]"}}));
  test::expect_right(master, folder.at("exported"));
}

INSTANTIATE_TEST_SUITE_P(
    Each, GenerationInDelta,
    testing::Values(
        std::pair("a_generator_between_phases",
                  "new generator.g phases=1 conn=delta bus1=m5.2.3 kv=12.47 kw=300 kvar=90 daily=pcloud"),
        std::pair("a_generator_beyond_its_band",  // in some steps above or below it
                  "new generator.g phases=1 conn=delta bus1=m5.2.3 kv=12.47 kw=40 kvar=10 vminpu=1 vmaxpu=1.01 "
                  "daily=pcloud"),
        std::pair("pv_between_phases",
                  "new pvsystem.p phases=1 conn=delta bus1=m6.3.1 kv=12.47 kva=400 pmpp=380 pf=-.95 daily=pcloud"),
        std::pair("pv_below_its_band",
                  "new pvsystem.p phases=1 conn=delta bus1=m6.3.1 kv=12.47 kva=400 pmpp=380 vminpu=1.03 vmaxpu=1.1 "
                  "daily=pcloud"),
        std::pair("pv_between_legs",
                  "new pvsystem.p phases=1 conn=delta bus1=h.1.2 kv=.24 kva=9 pmpp=8 daily=pcloud\n"
                  "new generator.g phases=1 conn=delta bus1=h.1.2 kv=.24 kw=3 pf=1 daily=day"),
        std::pair("pv_of_two_phases",
                  "new pvsystem.p phases=2 conn=delta bus1=m5.1.2.3 kv=12.47 kva=400 pmpp=380 daily=pcloud"),
        std::pair("generators_of_three_phases",
                  "new pvsystem.p phases=3 conn=delta bus1=m6 kv=12.47 kva=400 pmpp=380 pf=.97 daily=pcloud\n"
                  "new generator.g phases=3 conn=delta bus1=m5 kv=12.47 kw=300 kvar=-60 vminpu=1.01 daily=day\n"
                  "new generator.h phases=2 conn=delta bus1=m5.3.1.2 kv=12.47 kw=90 daily=day"),
        std::pair("an_idle_storage",
                  "new storage.s phases=1 conn=delta bus1=m6.1.2 kv=12.47 kwrated=900 kwhrated=4000 "
                  "%idlingkw=4")),
    [](const auto& s) { return std::string(s.param.first); });

TEST(Generation, OtherModelsOfOnePhaseAreRefused) {
  GQ_NEEDS_DSS();
  const test::TemporaryFolder folder;
  const std::string master = folder.write(
      "model.dss",
      test::changed_model({{"", "new generator.g phases=1 conn=delta bus1=m5.2.3 kv=12.47 kw=300 model=4"}}));
  try {
    import_dss(master, {});
    FAIL() << "accepted";
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr("'generator.g': generator model 4 in delta of one phase"));
  }
}

}  // namespace
}  // namespace gridqueue

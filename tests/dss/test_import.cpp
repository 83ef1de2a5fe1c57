// The importer against the committed feeder and the published lists.
#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gridqueue/contracts.hpp"
#include "host/dss/checksum.hpp"
#include "host/dss/import.hpp"
#include "host/dss/model_files.hpp"
#include "host/dss/monitor_list.hpp"
#include "host/feeder/feeder_file.hpp"
#include "tests/dss/support.hpp"
#include "tests/feeder/fixed_point.hpp"

namespace gridqueue {
namespace {

template <class Change>
DssImportOptions options(Change change) {
  DssImportOptions o;
  change(o);
  return o;
}

std::vector<std::string> names(const Network& net, const std::vector<BusId>& ids) {
  std::vector<std::string> out;
  for (BusId id : ids) out.push_back(net.buses[id.index()].name);
  return out;
}

TEST(Import, GivesTheCommittedFeeder) {
  GQ_NEEDS_DSS();
  GQ_NEEDS_FILE(test::hca_base());
  const Network fresh = import_dss(test::hca_base(), options([](auto& o) {
                                     o.name = "radial";
                                     o.commands = {"batchedit load..* daily=default"};
                                   }));
  const Network kept = read_feeder(GRIDQUEUE_SOURCE_DIR "/data/radial.h5");
  ASSERT_EQ(fresh.buses.size(), kept.buses.size());
  for (std::size_t i = 0; i < kept.buses.size(); ++i) {
    EXPECT_EQ(fresh.buses[i].name, kept.buses[i].name);
    EXPECT_EQ(fresh.buses[i].branch.name, kept.buses[i].branch.name);
    for (std::size_t r = 0; r < kMaxNodesPerBus; ++r)
      for (std::size_t c = 0; c < kMaxNodesPerBus; ++c)
        EXPECT_LE(std::abs(fresh.buses[i].branch.z[r][c] - kept.buses[i].branch.z[r][c]), 1e-9) << kept.buses[i].name;
  }
  EXPECT_EQ(fresh.checksum, kept.checksum);
  EXPECT_EQ(fresh.shapes[0].value, kept.shapes[0].value);
  EXPECT_EQ(fresh.pv_shape, kept.pv_shape);
}

TEST(Import, CandidatesAreThoseOfThePublishedTable) {
  const auto path = test::shared("truth/monitors_i2x.json");
  GQ_NEEDS_FILE(path);
  const auto truth = nlohmann::json::parse(std::ifstream(path));
  const Network net = read_feeder(GRIDQUEUE_SOURCE_DIR "/data/radial.h5");
  EXPECT_EQ(names(net, net.candidate_buses), truth.at("bus_table").get<std::vector<std::string>>());
  EXPECT_EQ(names(net, net.monitor_lists.at("i2x")), truth.at("monitors").get<std::vector<std::string>>());
  EXPECT_EQ(parse_monitor_list("i2x=" + path.string()).second, truth.at("monitors").get<std::vector<std::string>>());
}

TEST(Import, SmallModelMeetsOpenDss) {
  GQ_NEEDS_DSS();
  const test::TemporaryFolder folder;
  const std::string more =
      "New Line.side bus1=mid.2 bus2=side.2 phases=1 r1=1 x1=1 r0=1 x0=1 length=1 units=kft\n"
      "New Load.s bus1=side.2 phases=1 kv=7.2 kw=50 kvar=10 model=5\n"
      "New Capacitor.c bus1=end kvar=300 kv=12.47\n";
  const Network net = import_dss(folder.write("small.dss", test::small_model(more)), {});
  EXPECT_EQ(net.buses.size(), 4u);
  EXPECT_EQ(net.buses[net.find_bus("side")->index()].num_nodes, 1);
  EXPECT_NEAR(net.buses[net.find_bus("side")->index()].branch.length_ft, 1000, 1e-6);
  const test::Voltages v = test::solve(net, 1.0, {});
  for (std::size_t i = 0; i < net.buses.size(); ++i)
    for (std::size_t n = 0; n < test::size(net.buses[i]); ++n)
      EXPECT_LT(std::abs(v[i][n] - net.buses[i].v_initial[n]), 2e-5 * net.buses[i].kv_base * 1e3) << net.buses[i].name;
}

TEST(Import, UnknownNamesAreRefused) {
  GQ_NEEDS_DSS();
  const test::TemporaryFolder folder;
  const std::string model = folder.write("small.dss", test::small_model());
  EXPECT_THROW(import_dss(folder.at("missing.dss"), {}), Error);
  EXPECT_THROW(import_dss(model, options([](auto& o) { o.pv_shape = "nowhere"; })), Error);
  EXPECT_THROW(import_dss(model, options([](auto& o) { o.monitor_lists["few"] = {"nowhere"}; })), Error);
  try {
    import_dss(model, options([](auto& o) { o.library = "/nowhere/libdss_capi.so"; }));
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::unavailable);
  }
}

TEST(Checksum, FollowsTheFilesThatAModelNames) {
  const test::TemporaryFolder folder;
  const std::string master = folder.write("m.dss", "Redirect 'a.dss' ! b.dss\nBuscoords xy.csv\n");
  folder.write("a.dss", "New LoadShape.x npts=2 csvfile=x.csv\nNew LoadShape.y mult=(file=y.csv)\n");
  for (const char* name : {"b.dss", "x.csv", "y.csv", "xy.csv"}) folder.write(name, "1\n");
  std::vector<std::string> found;
  for (const auto& file : model_files(master)) found.push_back(std::filesystem::path(file).filename().string());
  EXPECT_THAT(found, testing::ElementsAre("m.dss", "a.dss", "x.csv", "y.csv", "xy.csv"));
  const std::string before = model_checksum(master);
  folder.write("y.csv", "2\n");
  EXPECT_NE(model_checksum(master), before);
  // SHA-256 of "abc", from FIPS 180-2
  EXPECT_EQ(model_checksum(folder.write("abc", "abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(MonitorList, NamesOrFile) {
  EXPECT_THAT(parse_monitor_list("few=a,b").second, testing::ElementsAre("a", "b"));
  EXPECT_EQ(parse_monitor_list("few=a,b").first, "few");
  EXPECT_THROW(parse_monitor_list("a,b"), Error);
  EXPECT_THROW(parse_monitor_list("all=a"), Error);
  EXPECT_THROW(parse_monitor_list("few=/nowhere.json"), Error);
}

}  // namespace
}  // namespace gridqueue

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "gridqueue/contracts.hpp"
#include "host/feeder/feeder_file.hpp"
#include "host/feeder/feeder_tables.hpp"
#include "host/hdf5/h5.hpp"
#include "tests/complaint.hpp"

namespace gridqueue {
namespace {

const std::string kRadial = GRIDQUEUE_SOURCE_DIR "/data/radial.h5";

//! A path of its own that is gone when the test ends.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& name)
      : path_((std::filesystem::temp_directory_path() / ("gridqueue-" + std::to_string(::getpid()) + "-" + name))
                  .string()) {}
  ~TemporaryFile() { std::filesystem::remove(path_); }
  operator const std::string&() const { return path_; }  // NOLINT

 private:
  std::string path_;
};

std::string error_of(const std::string& path) {
  return test::complaint([&] { return read_feeder(path); });
}

//! Every value that a feeder file names, one after the other: equal texts are equal networks.
class Fingerprint {
 public:
  template <class Row, class Get>
  void column(const std::string& path, std::vector<Row>& rows, Get get, const char* = "") {
    using S = Stored<Member<Row, Get>>;
    std::vector<typename S::Element> values;
    for (Row& row : rows) S::put(get(row), values);
    text_ += fmt::format("{} {}\n", path, values.size());
    for (const auto& v : values) add(v);
  }
  template <class Row, class Get>
  void first_column(const std::string& path, std::vector<Row>& rows, Get get) {
    column(path, rows, get);
  }
  template <class T>
  void values(const std::string& path, std::vector<T>& list, const char* = "") {
    column(path, list, [](T& v) -> T& { return v; });
  }
  [[nodiscard]] static bool has(const std::string&, bool needed) { return needed; }
  template <class Row, class Get>
  void lists(const std::string& path, std::vector<Row>& rows, Get get) {
    for (Row& row : rows) values(path, get(row));
  }
  template <class T>
  void attribute(const std::string& name, T& value) {
    text_ += fmt::format("{} {}\n", name, value);
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  template <class T>
  void add(const T& v) {
    text_ += fmt::format("{}\n", v);
  }
  void add(const Complex& v) { text_ += fmt::format("{} {}\n", v.real(), v.imag()); }
  std::string text_;
};

std::string fingerprint(Network net) {
  Fingerprint io;
  attributes(io, net);
  bus_tables(io, net.buses);
  branch_tables(io, net.buses);
  load_tables(io, net.loads);
  regulator_tables(io, net.regulators);
  capacitor_control_tables(io, net.capacitor_controls);
  other_tables(io, net);
  for (Bus& bus : net.buses) {
    std::vector<TransformerRow> rows;
    for (const TransformerUnit& unit : bus.branch.units) rows.push_back({BusId(0), unit});
    std::vector<ElementRow> elements;
    for (const BranchElement& e : bus.branch.elements) elements.push_back({BusId(0), e});
    element_tables(io, elements);
    if (!rows.empty()) transformer_tables(io, rows);
  }
  for (auto& [name, list] : net.monitor_lists) io.values(name, list);
  return io.text();
}

TEST(FeederFile, RoundTripKeepsEveryValue) {
  const TemporaryFile copy("copy.h5");
  const Network net = read_feeder(kRadial);
  write_feeder(net, copy);
  const std::string before = fingerprint(net);
  EXPECT_GT(before.size(), 100000u);
  EXPECT_EQ(before, fingerprint(read_feeder(copy)));
}

TEST(FeederFile, KeepsTransformersCapacitorsAndLists) {
  const Network net = read_feeder(kRadial);
  const Branch& sub = net.buses[net.find_branch("transformer.sub")->index()].branch;
  ASSERT_EQ(sub.units.size(), 1u);
  EXPECT_TRUE(sub.units[0].winding[0].delta);
  EXPECT_FALSE(sub.units[0].winding[1].delta);
  EXPECT_THAT(sub.units[0].winding[1].conductors, testing::ElementsAre(1, 2, 3, 0));
  EXPECT_EQ(net.buses[net.find_bus("bus_22r")->index()].branch.units.size(), 3u);
  ASSERT_EQ(net.capacitors.size(), 1u);
  EXPECT_EQ(net.buses[net.capacitors[0].bus.index()].name, "bus_1305cap");
}

TEST(FeederFile, RefusesWhatIsNoFeeder) {
  EXPECT_THAT(error_of("/nowhere/feeder.h5"), testing::HasSubstr("/nowhere/feeder.h5"));
  const TemporaryFile other("other.h5");
  { h5::File::create(other).attribute<std::string>("", "file_type", "gridqueue results"); }
  EXPECT_THAT(error_of(other), testing::HasSubstr("no feeder file"));
}

TEST(FeederFile, RefusesAnotherVersion) {
  const TemporaryFile later("later.h5");
  write_feeder(read_feeder(kRadial), later);
  { h5::File::open(later, true).attribute<std::int64_t>("", "version", 99); }
  EXPECT_THAT(error_of(later), testing::AllOf(testing::HasSubstr("version 99"), testing::HasSubstr("reads version 2")));
}

TEST(FeederFile, WritesNoInconsistentNetwork) {
  Network net = read_feeder(kRadial);
  net.loads[0].bus = BusId(5000);
  const TemporaryFile path("bad.h5");
  EXPECT_THROW(write_feeder(net, path), Error);
}

}  // namespace
}  // namespace gridqueue

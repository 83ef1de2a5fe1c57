// Every element type and shape goes through a file and comes back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <fstream>

#include "gridqueue/contracts.hpp"
#include "host/hdf5/h5.hpp"
#include "host/hdf5/h5_damage.hpp"
#include "tests/results/temporary_file.hpp"

namespace gridqueue {
namespace {

template <class T>
class H5Types : public testing::Test {};
using Elements =
    testing::Types<double, float, std::int8_t, std::uint8_t, std::int32_t, std::uint32_t, std::int64_t, std::uint64_t>;
TYPED_TEST_SUITE(H5Types, Elements);

TYPED_TEST(H5Types, RoundTrip) {
  const test::TemporaryFile file("types.h5");
  const std::vector<TypeParam> values{TypeParam(0),
                                      TypeParam(1),
                                      std::numeric_limits<TypeParam>::lowest(),
                                      std::numeric_limits<TypeParam>::max(),
                                      5,
                                      6};
  {
    auto f = h5::File::create(file.path());
    f.write<TypeParam>("a/b/fixed", values, {2, 3});
    f.template create_growing<TypeParam>("growing", {3});
    f.template append<TypeParam>("growing", std::span(values).first(3));
    f.template append<TypeParam>("growing", {});
    f.template append<TypeParam>("growing", std::span(values).last(3));
  }
  const auto f = h5::File::open(file.path());
  EXPECT_EQ(f.shape("a/b/fixed"), (h5::Shape{2, 3}));
  EXPECT_EQ(f.template read<TypeParam>("a/b/fixed"), values);
  EXPECT_EQ(f.shape("growing"), (h5::Shape{2, 3}));
  EXPECT_EQ(f.template read<TypeParam>("growing"), values);
  EXPECT_EQ(f.template read_rows<TypeParam>("growing", 1, 1), std::vector<TypeParam>(values.begin() + 3, values.end()));
}

TEST(H5, TextsAndComplexNumbers) {
  const test::TemporaryFile file("texts.h5");
  const std::vector<std::string> texts{"bus_1", "", "Überlandleitung"};
  const std::vector<std::complex<double>> numbers{{1, -2}, {0, 3}};
  auto f = h5::File::create(file.path());
  f.write("names", texts);
  f.write("numbers", numbers);
  f.create_growing<std::string>("more", {});
  f.append<std::string>("more", texts);
  EXPECT_EQ(f.read<std::string>("names"), texts);
  EXPECT_EQ(f.read<std::string>("more"), texts);
  EXPECT_EQ(f.read<std::complex<double>>("numbers"), numbers);
}

TEST(H5, EmptyDatasets) {
  const test::TemporaryFile file("empty.h5");
  auto f = h5::File::create(file.path());
  f.write("nothing", std::vector<double>{});
  f.write("no_text", std::vector<std::string>{});
  EXPECT_TRUE(f.read<double>("nothing").empty());
  EXPECT_TRUE(f.read<std::string>("no_text").empty());
}

TEST(H5, AttributesAreReplaced) {
  const test::TemporaryFile file("attributes.h5");
  auto f = h5::File::create(file.path());
  f.write("d", std::vector<double>{1});
  f.attribute<std::string>("", "text", "one");
  f.attribute<std::string>("/", "text", "two");
  f.attribute<std::int64_t>("d", "n", 7);
  f.attribute("d", "list", std::vector<double>{1, 2.5});
  EXPECT_EQ(f.read_attribute<std::string>("", "text"), "two");
  EXPECT_EQ(f.read_attribute<std::int64_t>("d", "n"), 7);
  EXPECT_EQ(f.read_attribute<std::vector<double>>("d", "list"), (std::vector<double>{1, 2.5}));
  EXPECT_FALSE(f.has_attribute("d", "m"));
}

TEST(H5, ChildrenAndScales) {
  const test::TemporaryFile file("scales.h5");
  auto f = h5::File::create(file.path());
  f.write("g/x", std::vector<std::int64_t>{0, 1});
  f.write("g/y", std::vector<double>{3, 4});
  f.make_scale("g/x", "x");
  f.attach_scale("g/y", 0, "g/x");
  EXPECT_EQ(f.children("g"), (std::vector<std::string>{"x", "y"}));
  EXPECT_TRUE(f.has_attribute("g/x", "CLASS"));
  EXPECT_TRUE(f.has_attribute("g/y", "DIMENSION_LIST"));
}

TEST(H5, ErrorsNameFileAndDataset) {
  const test::TemporaryFile file("errors.h5"), text("text.h5");
  std::ofstream(text.path()) << "no HDF5";
  auto f = h5::File::create(file.path());
  f.write("d", std::vector<double>{1});
  const auto message = [](const auto& work) -> std::string {
    try {
      work();
    } catch (const Error& e) {
      return e.what();
    }
    return "no error";
  };
  using testing::HasSubstr;
  EXPECT_THAT(message([&] { (void)f.read<double>("e"); }), HasSubstr("has no dataset 'e'"));
  EXPECT_THAT(message([&] { (void)f.read_rows<double>("d", 1, 1); }), HasSubstr("has 1 rows"));
  EXPECT_THAT(message([&] { (void)f.read_attribute<double>("d", "a"); }), HasSubstr("has no attribute 'a'"));
  EXPECT_THAT(message([&] { h5::File::open(text.path()); }), HasSubstr("not an HDF5 file"));
  EXPECT_THAT(message([&] { h5::File::create("/nowhere/x.h5"); }), HasSubstr("cannot write '/nowhere/x.h5'"));
}

//! Timers are not inherited: a child of who has read a file is watched, too.
TEST(LibraryCall, RunsInACircleInAChild) {
  const std::string path = "circle.h5";
  { const h5::LibraryCall before(path, false); }
  const auto circle = [&] {
    const rlimit seconds{15, 15};
    ::setrlimit(RLIMIT_CPU, &seconds);
    const h5::LibraryCall call(path, false);
    for (volatile bool on = true; on;) continue;
  };
  EXPECT_EXIT(circle(), testing::ExitedWithCode(3), "'circle.h5' cannot be read .*does not come to an end");
}

}  // namespace
}  // namespace gridqueue

// The feeder's checksum: of its content, not of its file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>
#include <unistd.h>

#include <cmath>

#include "gridqueue/contracts.hpp"
#include "host/feeder/feeder_digest.hpp"
#include "host/feeder/feeder_file.hpp"
#include "host/hdf5/h5.hpp"

namespace gridqueue {
namespace {

const std::string kFeeders = GRIDQUEUE_SOURCE_DIR "/data/";

std::string refusal(const std::string& path) {
  try {
    (void)read_feeder(path);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
    return e.what();
  }
  return "";
}

std::string written(const Network& network) {
  const std::string path =
      testing::TempDir() + "/digest-" + std::to_string(getpid()) + ".h5";  // tests run side by side
  write_feeder(network, path);
  return path;
}

//! As files of before are.
void forget_digest(const std::string& path) {
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  EXPECT_GE(H5Adelete(file, "content_sha256"), 0);
  H5Fclose(file);
}

TEST(FeederDigest, IsTheSameAfterAFile) {
  for (const char* name : {"radial", "ieee13", "ieee34", "ieee123"}) {
    const Network network = read_feeder(kFeeders + name + ".h5");
    EXPECT_EQ(feeder_digest(read_feeder(written(network))), feeder_digest(network)) << name;
    EXPECT_EQ(feeder_digest(network).size(), 64u);
  }
}

TEST(FeederDigest, OurFeedersHaveOne) {
  for (const char* name : {"radial", "ieee13", "ieee34", "ieee123"}) {
    const std::string path = kFeeders + name + ".h5";
    ASSERT_TRUE(h5::File::open(path).has_attribute("", "content_sha256")) << name;
    EXPECT_EQ(h5::File::open(path).read_attribute<std::string>("", "content_sha256"), feeder_digest(read_feeder(path)));
  }
}

TEST(FeederDigest, ChangesWithAnyNumberOrName) {
  const Network network = read_feeder(kFeeders + "ieee13.h5");
  const std::string whole = feeder_digest(network);
  const auto changed = [&](auto change) {
    Network n = network;
    change(n);
    return feeder_digest(n);
  };
  EXPECT_NE(changed([](Network& n) { n.loads[3].kw = std::nextafter(n.loads[3].kw, 1e9); }), whole);
  EXPECT_NE(changed([](Network& n) { n.buses[2].name += "x"; }), whole);
  EXPECT_NE(changed([](Network& n) { n.regulators[0].tap_initial += 1; }), whole);
  EXPECT_NE(changed([](Network& n) { n.buses[4].branch.z[0][0] += Complex(0, 1e-9); }), whole);
  EXPECT_NE(changed([](Network& n) { n.monitor_lists["more"] = {BusId(1)}; }), whole);
  EXPECT_NE(changed([](Network& n) { n.shapes[0].value.back() += 1e-12; }), whole);
}

TEST(FeederDigest, FindsWhatAFileLost) {
  const std::string path = written(read_feeder(kFeeders + "ieee13.h5"));
  {
    auto file = h5::File::open(path, true);
    auto kw = file.read<double>("load/kw");
    kw[2] += 1e-9;
    file.replace<double>("load/kw", kw);
  }
  EXPECT_THAT(refusal(path), testing::HasSubstr("damaged or was changed by hand"));
}

//! Files of before say none, and are read.
TEST(FeederDigest, IsNotNeeded) {
  const std::string path = written(read_feeder(kFeeders + "ieee13.h5"));
  forget_digest(path);
  EXPECT_EQ(refusal(path), "");
}

struct Spoilt {
  const char* dataset;
  double value;
};

//! Without a checksum, what cannot be is still refused, with its place.
TEST(SpoiltFeeders, AreRefusedByPlace) {
  const Network whole = read_feeder(kFeeders + "ieee13.h5");
  for (const Spoilt& s :
       {Spoilt{"load/kw", std::nan("")}, Spoilt{"load/kv", 1e308}, Spoilt{"bus/kv_base", -4.16},
        Spoilt{"branch/emergency_amps", -1}, Spoilt{"step/pv_shape", 3}, Spoilt{"regulator/band", 0}}) {
    const std::string path = written(whole);
    forget_digest(path);
    {
      auto file = h5::File::open(path, true);
      auto values = file.read<double>(s.dataset);
      values[0] = s.value;
      file.replace<double>(s.dataset, values);
    }
    EXPECT_NE(refusal(path), "") << s.dataset << " " << s.value;
  }
  for (const auto& [dataset, value] :
       {std::pair{"bus/parent", 5}, std::pair{"branch/kind", 99}, std::pair{"load/model", 42},
        std::pair{"load/bus", 1000000}, std::pair{"regulator/tap_max", 2000000000}}) {
    const std::string path = written(whole);
    forget_digest(path);
    {
      auto file = h5::File::open(path, true);
      auto values = file.read<std::int32_t>(dataset);
      values[1] = value;
      file.replace<std::int32_t>(dataset, values);
    }
    EXPECT_NE(refusal(path), "") << dataset << " " << value;
  }
}

}  // namespace
}  // namespace gridqueue

// Where tests find OpenDSS and the feeders they need, and small models of their own.
#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "gridqueue/network.hpp"
#include "host/dss/engine.hpp"
#include "host/dss/import.hpp"
#include "tests/complaint.hpp"

//! Skips the test, with the reason, where OpenDSS is not installed.
#define GQ_NEEDS_DSS() \
  if (const std::string reason = dss_unavailable_reason(); !reason.empty()) GTEST_SKIP() << reason

//! Skips the test where the collection of public feeders is not beside the checkout.
#define GQ_NEEDS_FILE(path) \
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "needs " << (path) << " (set GRIDQUEUE_SHARED)"

namespace gridqueue::test {

//! The folder of public feeders and reference results that the project's machines have: $GRIDQUEUE_SHARED, or `shared`
//! beside the checkout.
inline std::filesystem::path shared(const std::string& inside) {
  const char* env = std::getenv("GRIDQUEUE_SHARED");
  return std::filesystem::path(env ? env : GRIDQUEUE_SOURCE_DIR "/../shared") / inside;
}

inline std::string hca_base() { return shared("feeders/i2x/radial/HCABase.dss").string(); }

//! A folder that is gone when the test ends.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_(std::filesystem::temp_directory_path() / ("gridqueue-test-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return (path_ / name).string();
  }
  [[nodiscard]] std::string at(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

//! Why a model is not imported; "" where it is.
inline std::string refusal(const std::string& master, const DssImportOptions& options = {}) {
  bool taken = false;
  const std::string why = complaint([&] { taken = (import_dss(master, options), true); });
  return taken ? "" : why;
}
inline std::string refusal_of_text(const std::string& model) {
  const TemporaryFolder folder;
  return refusal(folder.write("model.dss", model));
}

//! Of the voltages of a day, [step][node], over all nodes [pu]; between phases where a bus floats.
inline double largest_difference(const Network& net, const std::vector<Complex>& a, const std::vector<Complex>& b) {
  EXPECT_EQ(a.size(), b.size());
  double worst = 0;
  std::size_t first = 0;
  for (std::size_t k = 0; k < net.num_steps() && first < std::min(a.size(), b.size()); ++k)
    for (const Bus& bus : net.buses) {
      const auto nodes = static_cast<std::size_t>(bus.num_nodes);
      for (std::size_t n = 0; n < nodes; ++n) {
        Complex d = a[first + n] - b[first + n];
        if (bus.floating) d -= a[first + (n + 1) % nodes] - b[first + (n + 1) % nodes];
        worst = std::max(worst, std::abs(d) / (bus.kv_base * 1e3));
      }
      first += nodes;
    }
  return worst;
}

//! source -- line.one -- mid -- line.two -- end (load.l), 12.47 kV, with a PV shape of one day. `more` stands before
//! Solve.
inline std::string small_model(const std::string& more = "", const std::string& load = "model=5") {
  return "Clear\n"
         "New Circuit.small bus1=source basekv=12.47 pu=1.02 r1=0.1 x1=0.5 r0=0.1 x0=0.5\n"
         "New LoadShape.pcloud npts=24 interval=1 mult=[0 0 0 0 0 0 .1 .3 .5 .7 .9 1 1 .9 .8 .6 .4 .2 0 0 0 0 0 0]\n"
         "New Line.one bus1=source bus2=mid phases=3 r1=0.2 x1=0.4 r0=0.5 x0=1.2 c1=10 c0=5 length=1 units=mi\n"
         "New Line.two bus1=mid bus2=end phases=3 r1=0.2 x1=0.4 r0=0.5 x0=1.2 c1=10 c0=5 length=2 units=mi\n"
         "New Load.l bus1=end phases=3 kv=12.47 kw=900 kvar=300 " +
         load + "\n" + more + "\nSet voltagebases=[115 12.47 0.48]\nCalcVoltageBases\nSolve\n";
}

}  // namespace gridqueue::test

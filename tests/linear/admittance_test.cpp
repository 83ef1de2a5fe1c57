// The bus admittance matrix against OpenDSS's own and against solved power flows.
#include "host/linear/admittance.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <cstring>
#include <map>

#include "host/dss/export.hpp"
#include "tests/dss/support.hpp"
#include "tests/linear/support.hpp"

namespace gridqueue {
namespace {

using Dense = Eigen::MatrixXcd;

AdmittanceCase admittance_case(const test::Standing& at) {
  AdmittanceCase which{std::vector<char>(radial().buses.size(), 0), 2, {}};
  for (const Upgrade& u : at.upgraded) which.upgraded[u.element.index()] = 1;
  for (std::size_t r = 0; r < at.taps.size(); ++r)
    which.tap_ratio.push_back(1 + at.taps[r] * radial().regulators[r].tap_step);
  return which;
}

//! OpenDSS's matrix of the exported feeder without loads, its nodes in our order.
Dense dss_admittance(const test::Standing& at) {
  const test::TemporaryFolder folder;
  const std::string master = export_dss(radial(), DssState{{}, at.upgraded, 2}, folder.at("model"));
  const std::string bytes = run_isolated([&] {
    DssEngine dss;
    dss.command("compile \"" + master + "\"");
    dss.command("batchedit load..* enabled=no");
    for (std::size_t r = 0; r < at.taps.size(); ++r)
      dss.command(fmt::format("edit {} wdg=2 tap={:.17g}", radial().regulators[r].name,
                              1 + at.taps[r] * radial().regulators[r].tap_step));
    dss.command("solve mode=snap controlmode=off");
    const auto y = dss.system_admittance();
    const auto names = dss.node_names();
    std::map<std::string, std::size_t> row;
    for (std::size_t i = 0; i < names.size(); ++i) row[names[i]] = i;
    std::vector<std::size_t> order;
    for (const Bus& b : radial().buses)
      for (std::size_t n = 0; n < test::size(b); ++n) order.push_back(row.at(fmt::format("{}.{}", b.name, b.phase[n])));
    std::vector<Complex> sorted;
    for (std::size_t r : order)
      for (std::size_t c : order) sorted.push_back(y[r * names.size() + c]);
    return std::string(reinterpret_cast<const char*>(sorted.data()), sorted.size() * sizeof(Complex));
  });
  const auto n = static_cast<Eigen::Index>(std::lround(std::sqrt(static_cast<double>(bytes.size() / sizeof(Complex)))));
  Dense y(n, n);
  std::memcpy(static_cast<void*>(y.data()), bytes.data(), bytes.size());
  return y.transpose();
}

class Admittance : public testing::TestWithParam<std::size_t> {
 protected:
  test::Standing at = test::standings()[GetParam()];
  Dense y = Dense(bus_admittance(radial(), admittance_case(at)));
};

TEST_P(Admittance, IsThatOfOpenDss) {
  GQ_NEEDS_DSS();
  const Dense expected = dss_admittance(at);
  ASSERT_EQ(expected.rows(), y.rows());
  double worst = 0;
  for (Eigen::Index r = 0; r < y.rows(); ++r)
    for (Eigen::Index c = 0; c < y.cols(); ++c)
      worst = std::max(
          worst, std::abs(y(r, c) - expected(r, c)) / std::sqrt(std::abs(expected(r, r)) * std::abs(expected(c, c))));
  EXPECT_LT(worst, 1e-9);
  // Shunts are small beside series admittances: at voltages that hardly differ along the feeder they are what is left.
  Eigen::VectorXcd v(y.rows());
  const std::vector<int> offset = node_offsets(radial());
  for (std::size_t b = 0; b < radial().buses.size(); ++b)
    for (std::size_t n = 0; n < test::size(radial().buses[b]); ++n)
      v[offset[b] + static_cast<int>(n)] = radial().buses[b].v_initial[n];
  const double amps = (y * v - expected * v).cwiseAbs().maxCoeff();
  EXPECT_LT(amps, 5e-4);  // half the lines have charging currents of more than 0.013 A at each end
}

TEST_P(Admittance, IsSymmetric) {
  EXPECT_LT((y - y.transpose()).cwiseAbs().maxCoeff(), 1e-12 * y.cwiseAbs().maxCoeff());
}

//! Y V of a solved power flow is what sources and loads inject.
TEST_P(Admittance, BalancesASolvedPowerFlow) {
  const std::vector<Complex> pu = test::plain_flow(at);
  const std::vector<int> offset = node_offsets(radial());
  Eigen::VectorXcd v(y.rows()), injected = Eigen::VectorXcd::Zero(y.rows());
  for (std::size_t b = 0; b < radial().buses.size(); ++b)
    for (int n = offset[b]; n < offset[b + 1]; ++n)
      v[n] = pu[static_cast<std::size_t>(n)] * radial().buses[b].kv_base * 1e3;
  for (const Load& load : radial().loads) {
    const int n = offset[load.bus.index()] + load.node;
    injected[n] -= test::load_current(load, at.load, v[n]);
  }
  const Bus& root = radial().buses[0];
  Eigen::Matrix3cd z;
  Eigen::Vector3cd e;
  for (int r = 0; r < 3; ++r) {
    e[r] = radial().source_voltage[static_cast<std::size_t>(r)];
    for (int c = 0; c < 3; ++c) z(r, c) = root.branch.z[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)];
  }
  injected.head(3) += z.inverse() * e;
  EXPECT_LT((y * v - injected).cwiseAbs().maxCoeff(), 1e-6);  // [A]
}

TEST_P(Admittance, PatternIsThatOfTheBaseCase) {
  const ComplexSparse base = bus_admittance(radial(), {}), here = bus_admittance(radial(), admittance_case(at));
  ASSERT_EQ(base.nonZeros(), here.nonZeros());
  EXPECT_TRUE(std::equal(base.innerIndexPtr(), base.innerIndexPtr() + base.nonZeros(), here.innerIndexPtr()));
  EXPECT_TRUE(std::equal(base.outerIndexPtr(), base.outerIndexPtr() + base.cols() + 1, here.outerIndexPtr()));
}

INSTANTIATE_TEST_SUITE_P(Standings, Admittance, testing::Range<std::size_t>(0, test::standings().size()));

}  // namespace
}  // namespace gridqueue

#include "host/dss/star_point.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "gridqueue/contracts.hpp"
#include "host/core/dense_eigen.hpp"
#include "host/dss/windings.hpp"

namespace gridqueue {
namespace {

using Matrix = EigenMatrix<Complex>;
using Index = Eigen::Index;

constexpr std::size_t kWindings = 3;
constexpr int kFirstNode = 5;             //!< of an inner bus: no phase, and no neutral of any other
constexpr double kLeastImpedance = 1e-9;  //!< of the sum of the star's, which stands for one that is 0
constexpr double kFit = 1e-7;             //!< of the largest admittance between two windings

//! The ungrounded conductors of a winding.
struct StarWinding {
  std::string bus;
  std::vector<Index> row;  //!< of the primitive admittance
  std::vector<int> node;
  Matrix ends;       //!< [conductor][phase] 1 where a phase begins, -1 where it ends
  double volts = 0;  //!< of a phase at its tap, at 1 V a turn
  Complex z;         //!< of the star [ohm at 1 V a turn]
};

class Star {
 public:
  Star(DssEngine& dss, std::string name) : name_(std::move(name)) {
    phases_ = static_cast<int>(dss.number(name_, "phases"));
    const int direction = delta_direction(dss, name_);
    for (std::size_t w = 0; w < kWindings; ++w) {
      activate_winding(dss, name_, static_cast<int>(w) + 1);
      winding_[w].volts = 1e3 * winding_kv(dss, name_) * dss.number(name_, "tap");
      delta_[w] = winding_is_delta(dss, name_);
    }
    dss.select_element(name_);
    const auto buses = dss.element_buses();
    const auto nodes = dss.element_nodes();
    for (std::size_t w = 0; w < kWindings; ++w) {
      winding_[w].bus = buses[w];
      connect(winding_[w], nodes[w], static_cast<Index>(w * nodes[w].size()), delta_[w], direction);
    }
    const auto yprim = dss.yprim();
    const auto order = static_cast<Index>(kWindings * nodes[0].size());
    y_ = Eigen::Map<const Eigen::MatrixXcd>(yprim.data(), order, order);
  }

  //! Whether the windings' admittances are those of triangles, alike in all phases.
  [[nodiscard]] bool solve() {
    std::array<Complex, kWindings> y{};  // of the triangle: y[i] is opposite to winding i
    for (std::size_t i = 0; i < kWindings; ++i)
      y[i] = triangle(winding_[(i + 1) % kWindings], winding_[(i + 2) % kWindings]);
    const Complex products = y[0] * y[1] + y[1] * y[2] + y[2] * y[0];
    if (products == Complex(0)) return false;
    double sum = 0;
    for (std::size_t i = 0; i < kWindings; ++i) winding_[i].z = y[i] / products, sum += std::abs(winding_[i].z);
    for (StarWinding& w : winding_)
      if (std::abs(w.z) < kLeastImpedance * sum) w.z = Complex(0, kLeastImpedance * sum);
    return fits();
  }

  void add_to(DssModel& model, double normal_amps, double emergency_amps) {
    const DssBus& first = model.bus.at(winding_[0].bus);
    DssBus inner;
    inner.inner = true;
    inner.x = first.x, inner.y = first.y, inner.has_coordinates = first.has_coordinates;
    volts_ = first.kv_base > 0 ? first.kv_base * 1e3 : winding_[0].volts;
    inner.kv_base = volts_ / 1e3;
    for (int p = 0; p < phases_; ++p) inner.node.push_back(kFirstNode + p);
    model.bus[name_] = inner;
    add_voltages(model);
    for (std::size_t w = 0; w < kWindings; ++w) {
      model.branches.push_back(branch(w));
      if (w > 0) continue;
      model.branches.back().normal_amps = normal_amps;
      model.branches.back().emergency_amps = emergency_amps;
    }
  }

 private:
  //! `first`: row of the winding's first conductor.
  void connect(StarWinding& w, const std::vector<int>& nodes, Index first, bool delta, int direction) const {
    Matrix ends = Matrix::Zero(static_cast<Index>(nodes.size()), phases_);
    for (int p = 0; p < phases_; ++p) ends(p, p) = 1, ends(other_end(phases_, delta, direction, p), p) = -1;
    for (std::size_t c = 0; c < nodes.size(); ++c)
      if (nodes[c] != 0) w.row.push_back(first + static_cast<Index>(c)), w.node.push_back(nodes[c]);
    w.ends.resize(static_cast<Index>(w.row.size()), phases_);
    for (std::size_t k = 0; k < w.row.size(); ++k) w.ends.row(static_cast<Index>(k)) = ends.row(w.row[k] - first);
  }

  [[nodiscard]] Matrix block(const StarWinding& a, const StarWinding& b) const { return y_(a.row, b.row); }

  //! [S at 1 V a turn] Between two windings, the nearest to their block of the primitive admittance.
  [[nodiscard]] Complex triangle(const StarWinding& a, const StarWinding& b) const {
    const Matrix unit = a.ends * b.ends.transpose();
    const double size = unit.squaredNorm();
    if (size == 0) return 0;
    return -a.volts * b.volts * unit.conjugate().cwiseProduct(block(a, b)).sum() / size;
  }

  //! What the star, without its inner nodes, has between two windings [S at 1 V a turn].
  [[nodiscard]] Complex through(std::size_t i, std::size_t j) const {
    const Complex all = 1.0 / winding_[0].z + 1.0 / winding_[1].z + 1.0 / winding_[2].z;
    const Complex own = i == j ? 1.0 / winding_[i].z : Complex(0);
    return own - 1.0 / (winding_[i].z * winding_[j].z * all);
  }
  [[nodiscard]] Matrix of_star(std::size_t i, std::size_t j) const {
    const StarWinding &a = winding_[i], &b = winding_[j];
    return through(i, j) / (a.volts * b.volts) * a.ends * b.ends.transpose();
  }

  [[nodiscard]] bool fits() const {
    double largest = 0, difference = 0;
    for (std::size_t i = 0; i < kWindings; ++i)
      for (std::size_t j = 0; j < kWindings; ++j) {
        if (i == j) continue;
        const double volts = winding_[i].volts * winding_[j].volts;
        largest = std::max(largest, volts * block(winding_[i], winding_[j]).cwiseAbs().maxCoeff());
        difference =
            std::max(difference, volts * (block(winding_[i], winding_[j]) - of_star(i, j)).cwiseAbs().maxCoeff());
      }
    return difference < kFit * largest;
  }

  //! Star's voltages by those of the windings, as OpenDSS has solved them. No fraction: a z may be 0.
  void add_voltages(DssModel& model) const {
    const Complex share[] = {winding_[1].z * winding_[2].z, winding_[2].z * winding_[0].z,
                             winding_[0].z * winding_[1].z};
    Eigen::VectorXcd turns = Eigen::VectorXcd::Zero(phases_);
    for (std::size_t i = 0; i < kWindings; ++i) {
      Eigen::VectorXcd volts(static_cast<Index>(winding_[i].node.size()));
      for (std::size_t k = 0; k < winding_[i].node.size(); ++k)
        volts(static_cast<Index>(k)) = model.voltage.at(fmt::format("{}.{}", winding_[i].bus, winding_[i].node[k]));
      turns += share[i] / winding_[i].volts * winding_[i].ends.transpose() * volts;
    }
    turns /= share[0] + share[1] + share[2];
    for (int p = 0; p < phases_; ++p) model.voltage[fmt::format("{}.{}", name_, kFirstNode + p)] = turns(p) * volts_;
  }

  //! From a winding's bus to the inner one.
  [[nodiscard]] DssBranch branch(std::size_t i) const {
    const StarWinding& w = winding_[i];
    const Complex y = 1.0 / w.z;
    const Matrix own = block(w, w) - of_star(i, i) + y / (w.volts * w.volts) * w.ends * w.ends.transpose();
    const Matrix across = -y / (w.volts * volts_) * w.ends;
    DssBranch b;
    b.name = name_;
    b.kind = "transformer";
    b.winding = static_cast<int>(i) + 1;
    b.bus[0] = w.bus, b.bus[1] = name_;
    b.node[0] = w.node;
    for (int p = 0; p < phases_; ++p) b.node[1].push_back(kFirstNode + p);
    b.terminal[0].assign(w.node.size(), static_cast<int>(i));
    b.terminal[1].assign(b.node[1].size(), -1);
    b.terminal1 = w.node.size();
    b.y[0][0] = dense(own);
    b.y[0][1] = dense(across), b.y[1][0] = dense(across.transpose());
    b.y[1][1] = dense(y / (volts_ * volts_) * Matrix::Identity(phases_, phases_));
    return b;
  }

  std::string name_;
  int phases_ = 0;
  std::array<bool, kWindings> delta_{};
  std::array<StarWinding, kWindings> winding_;
  Eigen::MatrixXcd y_;
  double volts_ = 0;  //!< of an inner node at 1 V a turn: per unit it is what the first winding's bus is
};

}  // namespace

void add_star(DssEngine& dss, const std::string& name, DssModel& model, Obstacles& obstacles) {
  Star star(dss, name);
  dss.select_element(name);
  const double normal = std::max(dss.normal_amps(), 0.0), emergency = std::max(dss.emergency_amps(), 0.0);
  if (star.solve()) return star.add_to(model, normal, emergency);
  model.lacks_branches = true;
  obstacles.add(name,
                "windings at 3 buses that are not alike in all phases, as where one is open (cannot be "
                "represented)");
}

}  // namespace gridqueue

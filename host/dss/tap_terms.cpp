#include "host/dss/tap_terms.hpp"

#include <algorithm>
#include <cmath>

#include "host/dss/branch_admittance.hpp"
#include "host/dss/terminal_current.hpp"

namespace gridqueue {
namespace {

using Matrix = EigenMatrix<Complex>;
using Index = Eigen::Index;

constexpr double kStep = 0.05;        //!< of x, by which terms are told apart
constexpr double kFitOfRatio = 1e-5;  //!< of the largest entry; anti-float admittances are a millionth of the others
constexpr double kFitOfImpedance = 1e-4;
constexpr double kFitOfRest = 1e-7;  //!< of the elements' own admittance at the parent

//! V_c = a V_p + z J_c, and `rest` at the parent.
struct TwoPort {
  Matrix z, a, rest;
};

Matrix square(const NodeMatrix& m, int size) {
  Matrix out(size, size);
  for (Index i = 0; i < size; ++i)
    for (Index j = 0; j < size; ++j) out(i, j) = m[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
  return out;
}

double largest(const Matrix& m) { return m.size() ? m.cwiseAbs().maxCoeff() : 0; }

//! An element's admittance with the conductors of one winding scaled: Y(t) = S Y(t0) S with S = t0 / t on these.
void scale_winding(DssBranch& e, std::size_t end, int winding, double s) {
  const auto factor = [&](std::size_t at, std::size_t i) { return at == end && e.terminal[at][i] == winding ? s : 1; };
  for (std::size_t t = 0; t < 2; ++t)
    for (std::size_t u = 0; u < 2; ++u)
      for (std::size_t i = 0; i < e.node[t].size(); ++i)
        for (std::size_t j = 0; j < e.node[u].size(); ++j) e.y[t][u](i, j) *= factor(t, i) * factor(u, j);
}

class TermFitter {
 public:
  TermFitter(const std::vector<const DssBranch*>& elements, const std::vector<TapChanger>& changers, Bus& child,
             Bus& parent)
      : elements_(elements), changers_(changers), child_(child), parent_(parent) {
    const BranchAdmittance now = sum_of(elements_, child_, parent_);
    held_ = square(child_.branch.z, child_.num_nodes).inverse() - now.cc;  // shunts, artificial paths to ground
    own_ = largest(now.pp);
  }

  std::string run() {
    const std::vector<double> ones(changers_.size(), 1.0);
    const TwoPort at_one = two_port(ones);
    std::vector<TwoPort> term;
    TwoPort fixed = at_one;
    for (std::size_t k = 0; k < changers_.size(); ++k) {
      auto moved = ones;
      moved[k] += kStep;
      const TwoPort there = two_port(moved);
      const double squares = moved[k] * moved[k] - 1;
      term.push_back(
          {(there.z - at_one.z) / squares, (there.a - at_one.a) / kStep, (there.rest - at_one.rest) / squares});
      fixed.z -= term[k].z, fixed.a -= term[k].a, fixed.rest -= term[k].rest;
    }
    if (!fits(fixed, term)) return "shares a current with other tap changers or transformers beside it";
    keep(fixed, term);
    return {};
  }

 private:
  [[nodiscard]] bool at_parent(const TapChanger& c) const { return c.end != end_at_child(*c.element, child_); }
  //! What the term is multiplied by at a ratio.
  [[nodiscard]] double factor(const TapChanger& c, double ratio) const { return at_parent(c) ? 1 / ratio : ratio; }
  [[nodiscard]] double factor_now(const TapChanger& c) const {
    return factor(c, c.regulator->ratio(c.regulator->tap_initial));
  }

  [[nodiscard]] TwoPort two_port(const std::vector<double>& x) const {
    std::vector<DssBranch> scaled;
    for (const DssBranch* e : elements_) scaled.push_back(*e);
    for (std::size_t k = 0; k < changers_.size(); ++k) {
      const TapChanger& c = changers_[k];
      const auto e =
          static_cast<std::size_t>(std::find(elements_.begin(), elements_.end(), c.element) - elements_.begin());
      const double change = x[k] / factor_now(c);
      scale_winding(scaled[e], c.end, c.regulator->tap_winding - 1, at_parent(c) ? change : 1 / change);
    }
    std::vector<const DssBranch*> all;
    for (const DssBranch& e : scaled) all.push_back(&e);
    const BranchAdmittance y = sum_of(all, child_, parent_);
    TwoPort p;
    p.z = (y.cc + held_).inverse();
    p.a = -p.z * y.cp;
    p.rest = y.pp + y.cp.transpose() * p.a;
    return p;
  }

  //! At the ends of all tap changers' ranges, in every combination.
  [[nodiscard]] bool fits(const TwoPort& fixed, const std::vector<TwoPort>& term) const {
    for (unsigned corner = 0; corner < (1U << changers_.size()); ++corner) {
      std::vector<double> x;
      for (std::size_t k = 0; k < changers_.size(); ++k) {
        const Regulator& r = *changers_[k].regulator;
        x.push_back(factor(changers_[k], r.ratio(corner >> k & 1U ? r.tap_max : r.tap_min)));
      }
      const TwoPort exact = two_port(x);
      TwoPort sum = fixed;
      for (std::size_t k = 0; k < x.size(); ++k)
        sum.z += x[k] * x[k] * term[k].z, sum.a += x[k] * term[k].a, sum.rest += x[k] * x[k] * term[k].rest;
      if (!(largest(sum.a - exact.a) < kFitOfRatio * largest(exact.a) &&
            largest(sum.z - exact.z) < kFitOfImpedance * largest(exact.z) &&
            largest(sum.rest - exact.rest) < kFitOfRest * own_))
        return false;
    }
    return true;
  }

  void keep(const TwoPort& fixed, const std::vector<TwoPort>& term) {
    Branch& b = child_.branch;
    rate();
    store(fixed.z, b.z);
    store(fixed.a, b.a);
    b.i_terminal1 = {};
    for (std::size_t k = 0; k < changers_.size(); ++k) {
      Regulator& r = *changers_[k].regulator;
      r.term = TapTerm{at_parent(changers_[k]), {}, {}, {}};
      store(term[k].z, r.term->z);
      store(term[k].a, r.term->a);
      if (!r.term->at_parent) continue;
      store(term[k].rest, r.term->y_parent);
      const double x = factor_now(changers_[k]);
      for (std::size_t i = 0; i < kMaxNodesPerBus; ++i)
        for (std::size_t j = 0; j < kMaxNodesPerBus; ++j) parent_.y_shunt[i][j] -= x * x * r.term->y_parent[i][j];
    }
  }

  //! Of every element, since what one carries hangs on its own tap only. At the parent it goes with x, at the child
  //! with none.
  void rate() {
    Branch& b = child_.branch;
    b.normal_amps = b.emergency_amps = 0;
    b.elements.clear();
    for (const DssBranch* e : elements_) {
      if (!is_rated(*e)) continue;
      BranchElement element = rated_element(*e, child_, parent_);
      const auto changer = std::find_if(changers_.begin(), changers_.end(), [&](auto& c) { return c.element == e; });
      element.with_tap = changer != changers_.end() && e->bus[0] == parent_.name;
      if (element.with_tap) {
        const double x = factor_now(*changer);
        divide(element.i_terminal1, x);
        if (at_parent(*changer)) divide(element.y_terminal1, x * x);
      }
      b.elements.push_back(element);
    }
  }

  const std::vector<const DssBranch*>& elements_;
  const std::vector<TapChanger>& changers_;
  Bus& child_;
  Bus& parent_;
  Matrix held_;
  double own_ = 0;
};

}  // namespace

std::string add_tap_terms(const std::vector<const DssBranch*>& elements, const std::vector<TapChanger>& changers,
                          Bus& child, Bus& parent) {
  return TermFitter(elements, changers, child, parent).run();
}

}  // namespace gridqueue

#include <algorithm>
#include <cmath>

#include "gridqueue/contracts.hpp"
#include "host/allocate/constraint_matrix.hpp"
#include "host/allocate/lp_clp.hpp"

namespace gridqueue {
namespace {

//! A quantity within this of its bound, relative to the bound, binds (Clp's primal tolerance).
constexpr double kAtBound = 1e-7;

bool at(double value, double bound) {
  return std::isfinite(bound) && std::abs(value - bound) <= kAtBound * (1 + std::abs(bound));
}

//! The optimal prices: one variable mu_j per constraint that binds at x, A^T mu = c, mu >= 0 at lower and <= 0 at upper
//! bounds, free where both bind.
class DualFace {
 public:
  DualFace(const LinearProgram& lp, const LpSolution& s) : price_of_row_(lp.rows.size(), kNone) {
    face_.name = lp.name;
    for (const LpVariable& v : lp.variables) face_.add_row({v.name, {}, v.cost, v.cost});
    for (std::size_t r = 0; r < lp.rows.size(); ++r) {
      const LpRow& row = lp.rows[r];
      if (!add_price(s.activity[r], row.lower, row.upper)) continue;
      price_of_row_[r] = face_.variables.size() - 1;
      for (const LpTerm& t : row.terms) face_.rows[t.variable].terms.push_back({price_of_row_[r], t.coefficient});
    }
    for (std::size_t v = 0; v < lp.variables.size(); ++v)
      if (add_price(s.x[v], lp.variables[v].lower, lp.variables[v].upper))
        face_.rows[v].terms.push_back({face_.variables.size() - 1, 1});
    // Prices are only as exact as Clp's x: leave each equation the room of its own tolerance.
    for (LpRow& row : face_.rows) row.lower -= kAtBound, row.upper += kAtBound;
  }

  [[nodiscard]] bool unique() const { return face_.variables.size() <= face_.rows.size(); }

  //! Range of mu_r; false where the row does not bind.
  bool range(std::size_t r, double& low, double& high) {
    if (price_of_row_[r] == kNone) return false;
    low = extreme(price_of_row_[r], 1);
    high = -extreme(price_of_row_[r], -1);
    return true;
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  bool add_price(double value, double lower, double upper) {
    const bool low = at(value, lower), high = at(value, upper);
    if (!low && !high) return false;
    face_.add_variable({"", 0, high ? -kLpInfinity : 0, low ? kLpInfinity : 0});
    return true;
  }

  double extreme(std::size_t price, double sign) {
    face_.variables[price].cost = sign;
    const ClpAnswer a = run_clp(face_);
    face_.variables[price].cost = 0;
    return a.optimal ? a.objective : -kLpInfinity;  // no bound on a price: the row could not give way at all
  }

  LinearProgram face_;
  std::vector<std::size_t> price_of_row_;
};

}  // namespace

std::vector<InducedRange> induced_cost_ranges(const LinearProgram& lp, const LpSolution& solution,
                                              const ConstraintMatrix& matrix) {
  std::vector<InducedRange> ranges(lp.rows.size());
  for (std::size_t j = 0; j < solution.binding.size(); ++j)
    if (const Binding& b = solution.binding[j]; b.kind == BindingKind::row) {
      const double cost = matrix.induced_cost[j];
      ranges[b.index] = {cost, cost};
    }
  DualFace face(lp, solution);
  if (face.unique()) return ranges;
  for (std::size_t r = 0; r < lp.rows.size(); ++r) {
    const LpRow& row = lp.rows[r];
    const double d = at(solution.activity[r], row.upper) ? row.upper : row.lower;
    double low = 0, high = 0;
    if (d == 0 || !face.range(r, low, high)) continue;
    InducedRange& range = ranges[r];
    range.low = std::min({range.low, low * d, high * d});
    range.high = std::max({range.high, low * d, high * d});
  }
  return ranges;
}

}  // namespace gridqueue

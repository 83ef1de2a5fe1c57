#include "host/dss/two_port.hpp"

#include <algorithm>
#include <set>

#include "gridqueue/contracts.hpp"
#include "host/dss/branch_admittance.hpp"
#include "host/dss/terminal_current.hpp"
#include "host/model/voltage_base.hpp"

namespace gridqueue {
namespace {

using Matrix = EigenMatrix<Complex>;
using Index = Eigen::Index;

constexpr double kLoose = 1e-4;   //!< of an admittance scaled to a unit diagonal; anti-float admittances are 1e-6
constexpr double kGround = 0.05;  //!< of a leakage admittance: about 1 pu of a transformer's rating

//! Combinations of nodes that an admittance hardly holds, such as the common mode of an ungrounded delta, each with a
//! largest entry of 1.
std::vector<Eigen::VectorXd> loose_modes(const Matrix& y) {
  Eigen::VectorXd scale(y.rows());
  for (Index i = 0; i < y.rows(); ++i) scale(i) = std::abs(y(i, i)) > kOpen ? 1 / std::sqrt(std::abs(y(i, i))) : 1;
  const Matrix scaled = scale.asDiagonal() * y * scale.asDiagonal();
  const Eigen::JacobiSVD<Matrix> svd(scaled, Eigen::ComputeFullV);
  std::vector<Eigen::VectorXd> modes;
  for (Index k = 0; k < y.rows(); ++k) {
    if (svd.singularValues()(k) > kLoose) continue;
    const Eigen::VectorXcd mode = scale.asDiagonal() * svd.matrixV().col(k);
    Index largest = 0;
    mode.cwiseAbs().maxCoeff(&largest);
    modes.emplace_back((mode / mode(largest)).real());
  }
  return modes;
}

class BranchMaker {
 public:
  BranchMaker(const std::vector<const DssBranch*>& elements, Bus& child, Bus& parent)
      : elements_(elements), child_(child), parent_(parent) {
    BranchAdmittance y = sum_of(elements_, child_, parent_);
    ycc_ = std::move(y.cc), ycp_ = std::move(y.cp), ypp_ = std::move(y.pp);
    child_.branch.name = first().name + (first().winding > 1 ? fmt::format(".winding{}", first().winding) : "");
    child_.branch.terminal1_is_parent = first().bus[0] == parent_.name;
  }

  std::string run(const std::vector<const DssShunt*>& shunts, BranchRemark& remark) {
    if (elements_.size() == 1 && first().kind == "line" && !first().is_piece && runs_straight()) return line();
    child_.branch.kind =
        std::any_of(elements_.begin(), elements_.end(), [](auto* e) { return e->kind == "transformer"; })
            ? BranchKind::transformer
            : BranchKind::other;
    if (const std::string why = hold(shunts, remark); !why.empty()) return why;
    const Matrix z = ycc_.inverse(), a = -z * ycp_;
    if (!z.allFinite()) return "no regular admittance seen from the bus away from the source";
    store(z, child_.branch.z);
    store(a, child_.branch.a);
    store(a.transpose(), child_.branch.i_terminal1);
    const Matrix ypc = seen_from_parent();
    const bool symmetric = (ypc - ycp_.transpose()).cwiseAbs().maxCoeff() <= 1e-9 * ypc.cwiseAbs().maxCoeff();
    if (!symmetric && (a.transpose() + ypc * z).cwiseAbs().maxCoeff() > 1e-9)
      return "another impedance in negative sequence than in positive, and no straight reactor (cannot be represented)";
    const Matrix rest = ypp_ + (symmetric ? Matrix(ycp_.transpose()) : ypc) * a;
    for (Index i = 0; i < rest.rows(); ++i)
      for (Index j = 0; j < rest.cols(); ++j)
        parent_.y_shunt[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] += rest(i, j);
    rate(rest);
    return {};
  }

 private:
  [[nodiscard]] const DssBranch& first() const { return *elements_.front(); }

  //! Rows of the parent, columns of the child.
  [[nodiscard]] Matrix seen_from_parent() const {
    Matrix y = Matrix::Zero(parent_.num_nodes, child_.num_nodes);
    for (const DssBranch* e : elements_) {
      const std::size_t c = end_at_child(*e, child_), p = 1 - c;
      add_block(e->y[p][c], parent_, e->node[p], child_, e->node[c], y);
    }
    return y;
  }

  //! The same phases and voltage base at both ends, all phases of the child. Other lines are two-ports like any
  //! element.
  [[nodiscard]] bool runs_straight() const {
    if (!same_base(child_, parent_)) return false;
    std::vector<int> nodes = first().node[0];
    std::sort(nodes.begin(), nodes.end());
    return first().node[0] == first().node[1] && static_cast<int>(nodes.size()) == child_.num_nodes &&
           std::equal(nodes.begin(), nodes.end(), child_.phase.begin());
  }

  //! Series admittance -Ycp on the selected phases; what is left of Ycc is the charging of one end.
  std::string line() {
    Branch& b = child_.branch;
    b.normal_amps = first().normal_amps;
    b.emergency_amps = first().emergency_amps;
    const Index n = ycc_.rows();
    Matrix select = Matrix::Zero(n, ycp_.cols()), series(n, n);
    for (Index i = 0; i < n; ++i) {
      const Index p = row(parent_, child_.phase[static_cast<std::size_t>(i)]);
      select(i, p) = 1;
      series.col(i) = -ycp_.col(p);
    }
    b.kind = BranchKind::line;
    const Matrix z = series.inverse();
    if (!z.allFinite()) return "no regular series admittance (one phase is open?)";
    store(z, b.z);
    store(select, b.a);
    store(select.transpose(), b.i_terminal1);
    store(ycc_ - series, b.y_line);
    return {};
  }

  //! Where the elements leave a node or a common mode free: the bus's own shunts, such as a reactor at the neutral,
  //! hold it; else an artificial path to ground does.
  std::string hold(const std::vector<const DssShunt*>& shunts, BranchRemark& remark) {
    auto loose = loose_modes(ycc_);
    if (!loose.empty() && !shunts.empty()) {
      for (const DssShunt* s : shunts) add_block(s->y, child_, s->node, child_, s->node, ycc_);
      remark.took_shunts = true;
      loose = loose_modes(ycc_);
    }
    if (!loose.empty()) hold_by_branches(loose);
    for (Index i = 0; i < ycc_.rows(); ++i)
      if (std::abs(ycc_(i, i)) < kOpen) {
        remark.free_node = child_.phase[static_cast<std::size_t>(i)];
        return fmt::format("node {} of '{}' is held by nothing but loads (one phase is open?)", remark.free_node,
                           child_.name);
      }
    for (const Eigen::VectorXd& mode : loose) {
      Complex leakage = 0;
      for (Index i = 0; i < mode.size(); ++i) leakage += ycc_(i, i) * mode(i) * mode(i);
      remark.grounding = kGround * std::abs(leakage) / mode.squaredNorm();
      ycc_ += remark.grounding / mode.squaredNorm() * (mode * mode.transpose()).cast<Complex>();
      child_.floating = true;
    }
    return {};
  }

  //! By what branches from the child bring there, as far as they are made.
  void hold_by_branches(std::vector<Eigen::VectorXd>& loose) {
    Matrix held = ycc_;
    for (Index i = 0; i < held.rows(); ++i)
      for (Index j = 0; j < held.cols(); ++j)
        held(i, j) += child_.y_shunt[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
    auto left = loose_modes(held);
    if (left.size() >= loose.size()) return;
    ycc_ = std::move(held), loose = std::move(left);
    child_.y_shunt = {};
  }

  //! Whether what flows at the parent's nodes is what flows at every terminal 1, and of one rating.
  [[nodiscard]] bool judged_alike() const {
    std::set<int> taken;
    for (const DssBranch* e : elements_) {
      if (e->kind != first().kind || e->normal_amps != first().normal_amps ||
          e->emergency_amps != first().emergency_amps || e->bus[0] != parent_.name || e->terminal1 != e->node[0].size())
        return false;
      for (int node : e->node[0])
        if (!taken.insert(node).second) return false;
    }
    return true;
  }

  void rate(const Matrix& rest) {
    Branch& b = child_.branch;
    if (judged_alike() || std::none_of(elements_.begin(), elements_.end(), [](auto* e) { return is_rated(*e); })) {
      b.normal_amps = is_rated(first()) ? first().normal_amps : 0;
      b.emergency_amps = is_rated(first()) ? first().emergency_amps : 0;
      store(-rest, b.y_terminal1);
      b.y_terminal1 = counted_no_load(b.y_terminal1, b.normal_amps, parent_);
      return;
    }
    for (const DssBranch* e : elements_)
      if (is_rated(*e)) b.elements.push_back(rated_element(*e, child_, parent_));
  }

  const std::vector<const DssBranch*>& elements_;
  Bus& child_;
  Bus& parent_;
  Matrix ycc_, ycp_, ypp_;
};

}  // namespace

std::size_t position(const Bus& bus, int phase) {
  for (std::size_t n = 0; n < static_cast<std::size_t>(bus.num_nodes); ++n)
    if (bus.phase[n] == phase) return n;
  fail_input("bus '{}' has no phase {}", bus.name, phase);
}

std::string make_branch(const std::vector<const DssBranch*>& elements, const std::vector<const DssShunt*>& shunts,
                        Bus& child, Bus& parent, BranchRemark& remark) {
  return BranchMaker(elements, child, parent).run(shunts, remark);
}

}  // namespace gridqueue

// Rows and columns of the linearized feeder as sparse matrices over the node voltages (re, im) per unit.
#pragma once
#include <Eigen/Dense>

#include "host/linear/linear_plan.hpp"
#include "host/linear/response.hpp"

namespace gridqueue {

//! Angle of a balanced phase against the first: exp(-j 2 pi / 3 phase).
Complex phase_turn(int phase);

class RowBuilder {
 public:
  //! `reference` = phasor W of every node. References are kept.
  RowBuilder(const Network& network, const CompiledFeeder<double>& feeder, const LinearPlan& plan,
             const std::vector<double>& ratio, double upgrade_factor, const Upgrades& upgraded,
             const std::vector<Complex>& reference);
  //! C [plan.rows][2 nodes].
  [[nodiscard]] RealSparse rows() const;
  //! B [2 nodes][6 units + 4 regulators].
  [[nodiscard]] RealSparse columns() const;
  //! What the tap columns add to the rows beside the voltages, [plan.rows][4 regulators].
  [[nodiscard]] Eigen::MatrixXd feedthrough() const;
  //! Currents at terminal 1 over the emergency rating, by phase of a rated branch, from node voltages.
  [[nodiscard]] Eigen::VectorXcd loading(BusId child, const std::vector<Complex>& v) const;

  //! Loading of a rated branch's terminal 1 per unit of its current.
  [[nodiscard]] double loading_per_ampere(BusId child) const;

  //! Series impedance [n][n] with its length and tap.
  [[nodiscard]] Eigen::MatrixXcd impedance(BusId child) const;

 private:
  struct Term {
    int node;
    Complex factor;
  };
  using Functional = std::vector<Term>;
  [[nodiscard]] int node(BusId bus, int k) const { return feeder_.bus[bus.index()].node + k; }
  [[nodiscard]] Complex coefficient(std::int32_t at) const;
  //! A [n][n] over the parent's selected nodes.
  [[nodiscard]] Eigen::MatrixXcd transfer(BusId child) const;
  [[nodiscard]] double length(BusId child) const { return upgraded_[child.index()] ? 1 / factor_ : 1; }
  //! Series current J of each phase as a functional of the voltages.
  [[nodiscard]] std::vector<Functional> series_current(BusId child) const;
  [[nodiscard]] std::vector<Functional> terminal_loading(BusId child) const;
  [[nodiscard]] Complex regulator_admittance(std::size_t r) const;

  const Network& net_;
  const CompiledFeeder<double>& feeder_;
  const LinearPlan& plan_;
  const std::vector<double>& ratio_;
  double factor_;
  std::vector<char> upgraded_;
  const std::vector<Complex>& reference_;
};

}  // namespace gridqueue

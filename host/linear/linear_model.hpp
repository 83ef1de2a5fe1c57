// The numbers of a linearized feeder for one set of upgraded lines.
#pragma once
#include <complex>
#include <span>
#include <vector>

#include "host/linear/linear_plan.hpp"
#include "host/linear/response.hpp"
#include "kernels/linear/base_voltages.hpp"
#include "kernels/linear/linear_model.hpp"

namespace gridqueue {

//! Moves of all taps between the base and anchor_taps.
constexpr int kMovedTaps = -4;

//! Assembles the systems of a set of upgraded lines (lowest and highest load) and, from their responses, the model.
class LinearAssembler {
 public:
  //! References are kept.
  LinearAssembler(const Network& network, const CompiledFeeder<double>& feeder, double upgrade_factor, LinearPlan plan);
  [[nodiscard]] const LinearPlan& plan() const { return plan_; }
  //! level_low and level_high.
  [[nodiscard]] std::vector<ResponseSystem> systems(const Upgrades& upgraded, const BasePoint& base) const;
  //! `responses` of systems().
  template <class Real>
  [[nodiscard]] LinearModel<Real> model(const Upgrades& upgraded, const BasePoint& base,
                                        std::span<const Eigen::MatrixXd> responses) const;

 private:
  const Network& net_;
  const CompiledFeeder<double>& feeder_;
  double factor_;
  LinearPlan plan_;
  [[nodiscard]] std::vector<double> ratios(const BasePoint& base) const;
  std::vector<int> offset_;  //!< first node of each bus
};

}  // namespace gridqueue

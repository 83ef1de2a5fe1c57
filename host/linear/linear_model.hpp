// The numbers of a linearized feeder for one set of upgraded lines.
#pragma once
#include <complex>
#include <vector>

#include "host/linear/linear_plan.hpp"
#include "host/linear/response.hpp"
#include "kernels/base_voltages.hpp"

namespace gridqueue {

//! Owns what LinearView points to. The plan's arrays are copied, so that a model stands alone.
template <class Real>
struct LinearModel {
  std::vector<std::int32_t> der, unit_node, unit_zone, pair, corner;
  std::vector<Real> reference, response, phase_response, node_phase_response, turn_response, turn_base,
      tap_response, base, ratio, z, turn;
  std::vector<LinearNode<Real>> node;
  std::vector<LoadCurve<Real>> controlled, flow;
  std::vector<TapSlope<Real>> coupling, flow_taps;
  std::vector<LinearBranch<Real>> branch;
  std::vector<LinearMember<Real>> member;
  std::vector<LinearCurrent<Real>> current;
  std::vector<LinearRun<Real>> run;
  std::vector<LinearFlow<Real>> run_flow;
  std::vector<LinearMean<Real>> mean;
  std::vector<LinearMonitor<Real>> monitor;
  std::vector<BetweenMonitor<Real>> between;
  std::vector<FixedBranch<Real>> fixed_branch;
  LinearView<Real> shape{};

  [[nodiscard]] LinearView<Real> view() const;
};

//! Moves of all taps between the base and anchor_taps.
constexpr int kMovedTaps = -4;

//! Assembles the systems of a set of upgraded lines (lowest and highest load) and, from their responses, the model.
class LinearAssembler {
 public:
  //! References are kept.
  LinearAssembler(const Network& network, const CompiledFeeder<double>& feeder, double upgrade_factor, LinearPlan plan);
  [[nodiscard]] const LinearPlan& plan() const { return plan_; }
  //! level_low and level_high.
  [[nodiscard]] std::vector<ResponseSystem> systems(const std::vector<BusId>& upgraded, const BasePoint& base) const;
  //! `responses` of systems().
  template <class Real>
  [[nodiscard]] LinearModel<Real> model(const std::vector<BusId>& upgraded, const BasePoint& base,
                                        const std::vector<Eigen::MatrixXd>& responses) const;

 private:
  const Network& net_;
  const CompiledFeeder<double>& feeder_;
  double factor_;
  LinearPlan plan_;
  [[nodiscard]] std::vector<double> ratios(const BasePoint& base) const;
  std::vector<int> offset_;  //!< first node of each bus
};

}  // namespace gridqueue

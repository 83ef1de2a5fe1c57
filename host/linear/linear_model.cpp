#include "host/linear/linear_model.hpp"

#include <algorithm>
#include <cmath>

#include "host/linear/model_source.hpp"

namespace gridqueue {
namespace {

template <class Real>
LinearLowest<Real> lowest(const LinearNode<Real>& node, Real dl) {
  LinearLowest<Real> at{at_load(node.base, dl) + at_load(node.low, dl), {}};
  for (int r = 0; r < kBank; ++r) at.taps[r] = at_load(node.taps[r], dl);
  return at;
}

//! What every run of equal steps has in common; needs voltages and flows.
template <class Real>
void fill_runs(const ModelSource& from, LinearModel<Real>& to) {
  const std::size_t bank = from.net.regulators.size();
  for (const RunLevel& level : run_levels(from.feeder)) {
    const double load = level.load - from.plan.levels[level_middle];
    const Real dl = static_cast<Real>(load);
    LinearRun<Real> run{static_cast<Real>(level.sun),
                        dl,
                        static_cast<Real>(level.sun * load),
                        static_cast<Real>(level.sun * level.sun),
                        {},
                        {},
                        {}};
    for (std::size_t r = 0; r < bank; ++r) {
      run.controlled[r] = at_load(to.controlled[r], dl);
      for (std::size_t q = 0; q < bank; ++q) run.coupling[r][q] = at_load(to.coupling[r * bank + q], dl);
    }
    for (int zone = 0; zone < kZones; ++zone)
      if (to.shape.low_node[zone] >= 0)
        run.lowest[zone] = lowest(to.node[static_cast<std::size_t>(to.shape.low_node[zone])], dl);
    to.run.push_back(run);
  }
  for (std::size_t i = 0; i < to.area.size(); ++i)
    for (const LinearRun<Real>& run : to.run)
      to.run_flow.push_back({at_load(to.area[i], run.dl), at_load(to.area_taps[i], run.dl)});
}

template <class Real>
void fill_shape(const ModelSource& from, LinearModel<Real>& to) {
  const LinearPlan& plan = from.plan;
  to.corner = plan.corners;
  to.pair = plan.pairs;
  LinearView<Real>& s = to.shape;
  const auto size = [](const auto& v) { return static_cast<std::int32_t>(v.size()); };
  s.units = s.present_units = size(plan.units), s.regulators = size(from.net.regulators), s.nodes = size(to.node);
  s.branches = size(to.branch), s.flows = size(from.net.reclosers), s.means = size(to.mean);
  s.between = size(to.between), s.fixed = size(to.fixed_branch), s.columns = from.columns;
  s.unit_row = plan.unit_row, s.regulator_row = plan.regulator_row, s.controlled_row = plan.controlled_row;
  s.node_row = plan.node_row, s.tau_row = plan.tau_row, s.branch_row = plan.branch_row, s.flow_row = plan.flow_row;
  s.rows = plan.rows;
  s.pairs = size(plan.pairs), s.steady_pairs = plan.steady_pairs;
  s.corners = size(plan.corners), s.extremes = plan.extremes;
  for (int level = 0; level < num_levels; ++level)
    s.level[level] = static_cast<Real>(plan.levels[static_cast<std::size_t>(level)]);
  s.half = static_cast<Real>(from.half);
  for (std::int32_t k : plan.corners) {
    const LinearRun<Real>& run = to.run[static_cast<std::size_t>(k)];
    s.most_sun = std::max(s.most_sun, run.sun);
    s.most_sun_dl = std::max(s.most_sun_dl, std::abs(run.sun_dl));
  }
  s.moved = static_cast<Real>(from.net.regulators.empty() ? 1 : kMovedTaps * from.net.regulators.front().tap_step);
}

}  // namespace

template <class Real>
LinearModel<Real> LinearAssembler::model(const Upgrades& upgraded, const BasePoint& base,
                                         std::span<const Eigen::MatrixXd> responses) const {
  const ModelSource source(net_, feeder_, plan_, ratios(base), factor_, upgraded, base, responses);
  LinearModel<Real> model;
  fill_voltages(source, model);
  fill_limits(source, model);
  fill_runs(source, model);
  fill_shape(source, model);
  return model;
}
template LinearModel<float> LinearAssembler::model(const Upgrades&, const BasePoint&,
                                                   std::span<const Eigen::MatrixXd>) const;
template LinearModel<double> LinearAssembler::model(const Upgrades&, const BasePoint&,
                                                    std::span<const Eigen::MatrixXd>) const;

}  // namespace gridqueue

#include "kernels/linear/linear_io.hpp"

#include <algorithm>
#include <utility>

namespace gridqueue {

template <class Real>
void LinearIo<Real>::plan(const LinearModel<Real>& model) {
  rows_ = plan_linear_rows(feeder_.shape, model.shape, rules_.screening != nullptr);
  units_ = model.der.size();
  unit_of_row_.assign(static_cast<std::size_t>(rows_.inputs - rows_.work.der), -1);
  for (std::size_t u = 0; u < units_; ++u)
    unit_of_row_[static_cast<std::size_t>(model.der[u])] = static_cast<std::int32_t>(u);
}

template <class Real>
std::uint64_t LinearIo<Real>::unit_bits(const StateBatch& states, std::size_t state) const {
  std::uint64_t bits = 0;
  for (std::uint32_t i = states.der_offset[state]; i < states.der_offset[state + 1]; ++i) {
    const std::int32_t row = feeder_.der_row[states.der_site[i].bus.index()];
    bits |= std::uint64_t{1} << bit_of(static_cast<std::size_t>(unit_of_row_[static_cast<std::size_t>(row)]));
  }
  return bits;
}

template <class Real>
void LinearIo<Real>::units_of(std::uint64_t bits, std::vector<std::int32_t>& units) const {
  units.clear();
  for (std::size_t u = 0; u < units_; ++u)
    if (bits >> bit_of(u) & 1u) units.push_back(static_cast<std::int32_t>(u));
}

template <class Real>
LinearMargins<Real> LinearIo<Real>::margins() const {
  if (!rules_.screening) return {};
  const ScreeningMargins& m = *rules_.screening;
  return {static_cast<Real>(m.controlled_pu),
          static_cast<Real>(m.controlled_growth),
          static_cast<Real>(m.controlled_overshoot),
          static_cast<Real>(m.loading),
          static_cast<Real>(rules_.pass[limit_normal_hours].pass() * 3600 / network_.step_s),
          static_cast<Real>(rules_.pass[limit_vmax].pass() - m.tap_pu),
          static_cast<Real>(rules_.pass[limit_vmin].pass() + m.tap_pu)};
}

template <class Real>
MonitorRank LinearIo<Real>::rank(const StateBatch& states, const LinearJob& job) const {
  if (!rules_.screening || job.states->empty()) return {};
  const UpgradeSetId set = states.upgrade_set[job.states->front()];
  return rank_monitors(network_, feeder_.monitor_bus, states.upgrade_sets[set.index()]);
}

template <class Real>
std::uint32_t LinearIo<Real>::read(const RowReader<Real>& row, const MonitorRank& rank, Quantities& answer) const {
  const std::int32_t shift = rows_.work.first_output - row.first;
  const RowReader<Real> outputs{row.data + shift * row.stride, row.stride, feeder_.shape.plan.first_output};
  answer = read_quantities(feeder_, network_, outputs, rules_.limits, rules_.pass);
  answer.linear = true;
  if (!rules_.screening) return 0;
  const auto scratch = [&](std::int32_t r) { return row(rows_.first_scratch + r); };
  const auto verdict = [&](VerdictRow r) { return scratch(rows_.scratch.verdict + r); };
  ScreeningRange range{verdict(v_strength2), verdict(v_near_hours) != 0};
  range[limit_vdiff] = {100 * verdict(v_vdiff_low), 100 * verdict(v_vdiff_high)};
  range[limit_vmax].high = verdict(v_vmax);
  range[limit_vmin].low = verdict(v_vmin);
  return near_limit(answer, range, rules_.limits, rules_.pass, *rules_.screening, rank, [&](std::size_t monitor) {
    const auto m = static_cast<std::int32_t>(monitor);
    const double x = row(rows_.work.change + m);
    return std::pair(100 * std::min(x, scratch(rows_.scratch.low + m)),
                     100 * std::max(x, scratch(rows_.scratch.high + m)));
  });
}

template class LinearIo<float>;
template class LinearIo<double>;

}  // namespace gridqueue

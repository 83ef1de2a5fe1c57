// Limits that only a study asks for: unbalance at three-phase buses, power back through regulators and the source.
#pragma once
#include "kernels/ac/sweep.hpp"

namespace gridqueue {

template <class Lane>
GQ_HD void keep_largest(Lane& best, Lane& code, const Lane& x, MaskOf<Lane> where, RealOf<Lane> x_code) {
  const MaskOf<Lane> better = where && (best < x);
  best = select(better, x, best);
  code = select(better, Lane(x_code), code);
}

//! Squared ratio of the negative to the positive sequence voltage (IEEE 1159, IEC 61000-4-30) at three nodes from
//! `node`: 3 V1 = Va + a Vb + a^2 Vc, 3 V2 = Va + a^2 Vb + a Vc, a = exp(j 2 pi / 3). The larger one is positive: it
//! turns with the source, however phases are named.
template <class Lane, class Real, class Rows>
GQ_HD Lane squared_unbalance(const FeederView<Real>& f, std::int32_t node, const Rows& w) {
  const Lane half(Real(0.5)), root(Real(0.86602540378443864676));  // of 3, halved
  Cx<Lane> v[kPhases];
  load_rows(w, f.plan.voltage + 2 * node, v);
  const Cx<Lane> mean{v[0].re - half * (v[1].re + v[2].re), v[0].im - half * (v[1].im + v[2].im)};
  const Cx<Lane> apart{root * (v[1].re - v[2].re), root * (v[1].im - v[2].im)};
  const Lane one = abs2(Cx<Lane>{mean.re - apart.im, mean.im + apart.re});
  const Lane other = abs2(Cx<Lane>{mean.re + apart.im, mean.im - apart.re});
  return lane_min(one, other) / lane_max(one, other);
}

//! Adds x of place k, of `count`, to the rows of an extreme and its places.
template <class Lane, class Real, class Rows>
GQ_HD void keep_place(const Rows& rows, std::int32_t k, const Lane& x, const StepRecord<Real>& step, std::int32_t count,
                      std::int32_t number, MaskOf<Lane> active) {
  Lane& place = rows[num_extreme_rows + k];
  place = select(active, lane_max(place, x), place);
  keep_largest(rows[e_value], rows[e_code], x, active, static_cast<Real>(step.step * count + number));
}

template <class Lane, class Real, class Rows>
GQ_HD void clear_asked(const FeederView<Real>& f, const Rows& w) {
  const Lane huge(Real(1e30));
  if (f.num_power_meters == 0) return;  // unbalance starts from 0
  const auto rows = w.from(f.plan.reverse);
  rows[e_value] = -huge;
  for (std::int32_t k = 0; k < f.num_power_meters; ++k) rows[num_extreme_rows + k] = -huge;
}

template <class Lane, class Real, class Rows>
GQ_HD void observe_asked(const FeederView<Real>& f, const Rows& w, const StepRecord<Real>& step, MaskOf<Lane> active) {
  for (std::int32_t k = 0; k < f.num_three_phase; ++k) {
    const NodesRecord& at = f.three_phase[k];
    keep_place<Lane>(w.from(f.plan.unbalance), k, squared_unbalance<Lane>(f, at.node, w), step, f.num_buses, at.bus,
                     active);
  }
  for (std::int32_t k = 0; k < f.num_power_meters; ++k)
    keep_place<Lane>(w.from(f.plan.reverse), k, power_towards_source<Lane>(f, f.power_meter[k], w), step,
                     f.num_power_meters, k, active);
}

}  // namespace gridqueue

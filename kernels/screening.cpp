#include "kernels/screening.hpp"

#include <algorithm>
#include <cmath>

namespace gridqueue {
namespace {

//! Whether an interval of a value, widened by a margin, holds the limit.
bool crosses(double low, double high, double limit, double margin) {
  return low - margin <= limit && limit <= high + margin;
}

struct Screened {
  bool surely = false, possibly = false;
};

//! The island screens of quantities.cpp for values off by the margins.
Screened screen(const FlowRange& range, double fraction, const ScreeningMargins& margins) {
  const double largest = std::max(std::abs(range.min), std::abs(range.max));
  const double error = std::max(margins.flow_kva, margins.flow * largest);
  const double share = range.min_abs - fraction * largest;
  return {range.min >= error || range.max <= -error || share >= error,
          range.min >= -error || range.max <= error || share >= -error};
}

bool near_island(const AreaFlow& area, const Limits& limits, const ScreeningMargins& margins) {
  const Screened p = screen(area.p, limits.island_p_fraction - limits.island_p_tolerance, margins);
  const Screened q = screen(area.q, limits.island_q_fraction - limits.island_q_tolerance, margins);
  return !(p.surely || q.surely) && (p.possibly || q.possibly);
}

}  // namespace

MonitorRank rank_monitors(const Network& network, const std::vector<BusId>& monitors,
                          const std::vector<BusId>& upgraded) {
  std::vector<char> built(network.buses.size(), 0), open(network.buses.size(), 0);
  for (BusId line : upgraded) built[line.index()] = 1;
  std::vector<int> depth(network.buses.size(), 0);
  for (std::size_t b = 1; b < network.buses.size(); ++b) {  // parents come first
    const std::size_t p = network.buses[b].parent.index();
    depth[b] = depth[p] + 1;
    open[b] = open[p] || (network.buses[b].branch.upgradable && !built[b]);
  }
  MonitorRank rank;
  for (BusId b : monitors) {
    rank.depth.push_back(depth[b.index()]);
    rank.upgradable.push_back(open[b.index()]);
  }
  return rank;
}

const char* near_name(int bit) {
  static constexpr const char* kBeyond[] = {"line", "strength", "base_case"};
  return bit < kNumLimits ? limit_name(static_cast<LimitBit>(1u << bit)) : kBeyond[bit - kNumLimits];
}

std::uint32_t near_verdict(const Quantities& q, const ScreeningRange& range, const Limits& limits,
                           const Thresholds& pass, const ScreeningMargins& margins) {
  if (range.strength2 > margins.strength * margins.strength) return near_strength;
  std::uint32_t near = 0;
  const auto look = [&](double low, double high, double limit, double margin, LimitBit bit) {
    if (crosses(low, high, limit, margin)) near |= bit;
  };
  look(std::min(q.vdiff_pct, range.vdiff_low_pct), std::max(q.vdiff_pct, range.vdiff_high_pct), pass.vdiff_pct.pass(),
       vdiff_margin(margins, range.strength2), limit_vdiff);
  look(q.vmax_pu, std::max(q.vmax_pu, range.vmax_pu), pass.vmax_pu.pass(), margins.voltage_pu, limit_vmax);
  look(std::min(q.vmin_pu, range.vmin_pu), q.vmin_pu, pass.vmin_pu.pass(), margins.voltage_pu, limit_vmin);
  look(q.emergency_pct, q.emergency_pct, pass.emergency_pct.pass(), margins.loading * pass.emergency_pct.pass(),
       limit_emergency);
  if (range.near_hours) near |= limit_normal_hours;
  if (std::any_of(q.areas.begin(), q.areas.end(), [&](const AreaFlow& a) { return near_island(a, limits, margins); }))
    near |= limit_island;
  return near;
}

}  // namespace gridqueue

#include "kernels/linear/screening.hpp"

#include <algorithm>
#include <cmath>

namespace gridqueue {
namespace {

//! Whether an interval of a value, widened by a margin, holds the limit.
bool crosses(double low, double high, double limit, double margin) {
  return low - margin <= limit && limit <= high + margin;
}

double margin_of(LimitBit bit, double limit, const ScreeningMargins& margins, double strength2) {
  switch (bit) {
    case limit_vdiff: return vdiff_margin(margins, strength2);
    case limit_emergency: return margins.loading * limit;
    default: return margins.voltage_pu;
  }
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

MonitorRank rank_monitors(const Network& network, const std::vector<BusId>& monitors, const Upgrades& upgraded) {
  std::vector<char> built(network.buses.size(), 0), open(network.buses.size(), 0);
  for (const Upgrade& u : upgraded) built[u.element.index()] = 1;
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
  static constexpr const char* kBeyond[] = {"line", "strength", "base_case", "feeder", "phases"};
  return bit < kNumLimits ? kLimits[static_cast<std::size_t>(bit)].name : kBeyond[bit - kNumLimits];
}

std::uint32_t near_verdict(const Quantities& q, const ScreeningRange& range, const Limits& limits,
                           const Thresholds& pass, const ScreeningMargins& margins) {
  if (range.strength2 > margins.strength * margins.strength) return near_strength;
  std::uint32_t near = 0;
  for (const LimitInfo& l : kLimits) {
    if (!l.value || l.bit == limit_normal_hours || std::isnan(q[l.bit].value)) continue;
    const Interval& seen = range[l.bit];
    const double low = std::min(q[l.bit].value, seen.low), high = std::max(q[l.bit].value, seen.high);
    const double pass_value = pass[l.bit].pass();
    if (crosses(low, high, pass_value, margin_of(l.bit, pass_value, margins, range.strength2))) near |= l.bit;
  }
  if (range.near_hours) near |= limit_normal_hours;
  if (std::any_of(q.areas.begin(), q.areas.end(), [&](const AreaFlow& a) { return near_island(a, limits, margins); }))
    near |= limit_island;
  return near;
}

}  // namespace gridqueue

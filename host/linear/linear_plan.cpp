#include "host/linear/linear_plan.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace gridqueue {
namespace {

//! Pairs of consecutive runs looked at: the largest changes of the sun, and of the load.
constexpr std::size_t kSunPairs = 6, kLoadPairs = 2;

int padded(std::size_t rows) { return static_cast<int>((rows + kRowBlock - 1) / kRowBlock * kRowBlock); }

void mark_path(const Network& net, BusId bus, std::vector<char>& on_way) {
  for (BusId b = bus; b.valid() && !on_way[b.index()]; b = net.buses[b.index()].parent) on_way[b.index()] = 1;
}

std::vector<char> find_way(const Network& net, const LinearPlan& plan) {
  std::vector<char> on_way(net.buses.size(), 0);
  for (BusId b : plan.units) mark_path(net, b, on_way);
  for (const Regulator& r : net.regulators) mark_path(net, r.bus, on_way);
  for (const Recloser& r : net.reclosers) mark_path(net, r.branch_child, on_way);
  on_way[0] = 1;
  return on_way;
}

//! The only child, where all the current of the branch to `bus` comes through it; else invalid.
BusId only_child(const Network& net, const CompiledFeeder<double>& feeder, const LinearPlan& plan, BusId bus) {
  const BusRecord& b = feeder.bus[bus.index()];
  BusId child;
  if (b.kind != SweepKind::line || b.injections > 0 || b.shunt >= 0) return child;
  if (std::find(plan.units.begin(), plan.units.end(), bus) != plan.units.end()) return child;
  for (std::size_t i = 0; i < net.buses.size(); ++i) {
    if (net.buses[i].parent != bus) continue;
    if (child.valid()) return BusId();
    child = BusId(i);
  }
  return child.valid() && feeder.bus[child.index()].kind == SweepKind::line ? child : BusId();
}

//! Splits the way into kept buses and those between them. A bus between two is kept where its monitor counts always but
//! an end's does not.
void keep_buses(const Network& net, const CompiledFeeder<double>& feeder, const std::vector<char>& on_way,
                LinearPlan& plan) {
  std::vector<char> between(net.buses.size(), 0);
  for (std::size_t b = 1; b < net.buses.size(); ++b) {
    const BusId child = on_way[b] ? only_child(net, feeder, plan, BusId(b)) : BusId();
    between[b] = child.valid() && on_way[child.index()];
  }
  const auto always = [&](BusId b) { return feeder.bus[b.index()].always_monitored != 0; };
  for (std::size_t b = 0; b < net.buses.size(); ++b) {
    if (!between[b]) continue;
    LinearPlan::Between entry{BusId(b), net.buses[b].parent, BusId(b)};
    while (between[entry.upper.index()]) entry.upper = net.buses[entry.upper.index()].parent;
    while (between[entry.lower.index()]) entry.lower = only_child(net, feeder, plan, entry.lower);
    if (!always(BusId(b))) continue;
    if (always(entry.upper) && always(entry.lower)) plan.between.push_back(entry);
    else between[b] = 0;
  }
  std::erase_if(plan.between, [&](const auto& e) { return !between[e.bus.index()]; });
  plan.path_index.assign(net.buses.size(), -1);
  for (std::size_t b = 0; b < net.buses.size(); ++b) {
    if (on_way[b] && !between[b]) {
      plan.path_index[b] = static_cast<int>(plan.path.size());
      plan.path.emplace_back(b);
    }
    plan.attach.push_back(on_way[b] ? BusId(b) : plan.attach[net.buses[b].parent.index()]);
  }
}

//! Lines in series without anything between them share a block of rows; line charging between them is neglected.
void find_branches(const Network& net, const CompiledFeeder<double>& feeder, const std::vector<char>& on_way,
                   LinearPlan& plan) {
  std::vector<int> block(net.buses.size(), -1);  // by bus
  for (std::size_t b = net.buses.size(); b-- > 0;) {
    if (!on_way[b] || feeder.bus[b].ratings == 0) continue;
    const BusId child = only_child(net, feeder, plan, BusId(b));
    block[b] = child.valid() ? block[child.index()] : -1;
    if (block[b] < 0) {
      block[b] = static_cast<int>(plan.branches.size());
      plan.branches.emplace_back();
    }
    plan.branches[static_cast<std::size_t>(block[b])].emplace_back(b);
  }
}

void lay_out_rows(const Network& net, LinearPlan& plan) {
  int row = 0;
  const auto take = [&row](std::size_t rows) { return std::exchange(row, row + padded(rows)); };
  plan.unit_row = take(kUnitRows * plan.units.size());
  plan.regulator_row = take(kRegulatorRows * net.regulators.size());
  plan.controlled_row = take(kControlledRows * net.regulators.size());
  plan.node_row = take(3 * plan.path.size());
  plan.tau_row = take(plan.path.size());
  plan.branch_row = take(kBranchRows * plan.branches.size());
  plan.flow_row = take(kRecloserRows * net.reclosers.size());
  plan.rows = plan.current_row = row;
  plan.turn_row = row + 6 * static_cast<int>(plan.branches.size());
  plan.all_rows = plan.turn_row + 3 * static_cast<int>(plan.path.size());
}

void choose_pairs(const std::vector<RunLevel>& runs, LinearPlan& plan) {
  std::vector<std::size_t> order(runs.size() - 1), chosen;
  std::iota(order.begin(), order.end(), 1);
  const auto take = [&](std::size_t count, const auto& change) {
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return change(a) > change(b); });
    for (std::size_t i = 0; i < std::min(count, order.size()) && change(order[i]) > 0; ++i)
      if (std::find(chosen.begin(), chosen.end(), order[i]) == chosen.end()) chosen.push_back(order[i]);
  };
  const auto steady = [&](std::size_t k) { return runs[k].load == runs[k - 1].load; };
  take(kSunPairs, [&](std::size_t k) { return std::abs(runs[k].sun - runs[k - 1].sun); });
  take(kLoadPairs, [&](std::size_t k) { return std::abs(runs[k].load - runs[k - 1].load); });
  std::sort(chosen.begin(), chosen.end());
  std::stable_partition(chosen.begin(), chosen.end(), steady);
  plan.pairs.assign(chosen.begin(), chosen.end());
  plan.steady_pairs = static_cast<std::int32_t>(std::count_if(chosen.begin(), chosen.end(), steady));
}

//! Runs at the vertices of the convex hull of (sun, load): Andrew's monotone chain.
std::vector<std::size_t> hull(const std::vector<RunLevel>& runs) {
  std::vector<std::size_t> order(runs.size());
  std::iota(order.begin(), order.end(), 0);
  const auto at = [&](std::size_t k) { return std::pair(runs[k].sun, runs[k].load); };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return at(a) < at(b); });
  order.erase(std::unique(order.begin(), order.end(), [&](auto a, auto b) { return at(a) == at(b); }), order.end());
  std::vector<std::size_t> vertices;
  const auto turn = [&](std::size_t a, std::size_t b, std::size_t c) {
    const auto [ax, ay] = at(a);
    const auto [bx, by] = at(b);
    const auto [cx, cy] = at(c);
    return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  };
  for (int side = 0; side < 2; ++side) {
    const std::size_t start = vertices.size();
    for (std::size_t k : order) {
      while (vertices.size() >= start + 2 && turn(vertices[vertices.size() - 2], vertices.back(), k) <= 0)
        vertices.pop_back();
      vertices.push_back(k);
    }
    vertices.pop_back();
    std::reverse(order.begin(), order.end());
  }
  if (vertices.empty()) vertices.push_back(0);
  std::sort(vertices.begin(), vertices.end());
  return vertices;
}

void choose_steps(const std::vector<RunLevel>& runs, LinearPlan& plan) {
  choose_pairs(runs, plan);
  const auto add = [&](std::size_t k) {
    const auto run = static_cast<std::int32_t>(k);
    if (std::find(plan.corners.begin(), plan.corners.end(), run) == plan.corners.end()) plan.corners.push_back(run);
  };
  const auto extreme = [&](const auto& less) {
    add(static_cast<std::size_t>(std::max_element(runs.begin(), runs.end(), less) - runs.begin()));
  };
  extreme([](const auto& a, const auto& b) { return std::pair(a.load, -a.sun) < std::pair(b.load, -b.sun); });
  extreme([](const auto& a, const auto& b) { return std::pair(-a.load, a.sun) < std::pair(-b.load, b.sun); });
  extreme([](const auto& a, const auto& b) { return std::pair(a.sun, -a.load) < std::pair(b.sun, -b.load); });
  plan.extremes = static_cast<std::int32_t>(plan.corners.size());
  for (std::size_t k : hull(runs)) add(k);
  const auto [low, high] =
      std::minmax_element(runs.begin(), runs.end(), [](const auto& a, const auto& b) { return a.load < b.load; });
  const double half = std::max(0.05, 0.5 * (high->load - low->load)), middle = 0.5 * (high->load + low->load);
  plan.levels = {middle - half, middle, middle + half};
}

}  // namespace

namespace {

std::string loads_unavailable_reason(const Network& net) {
  if (net.days.size() > 1) return fmt::format("it has {} days (one is handled)", net.days.size());
  for (const Load& load : net.loads) {
    if (load.model != LoadModel::constant_current)
      return fmt::format("'{}' does not draw a constant current", load.name);
    if (load.to_node >= 0) return fmt::format("'{}' stands between two nodes", load.name);
  }
  if (net.shapes.size() != 1) return fmt::format("its loads follow {} shapes (one is handled)", net.shapes.size());
  for (double m : net.source_multiplier)
    if (m != net.source_multiplier.front()) return "its source's voltage varies";
  return "";
}

//! The linearized day has one law for all taps, each by its own node's voltage.
std::string controls_unavailable_reason(const Network& net) {
  if (!net.capacitor_controls.empty()) return fmt::format("'{}' switches a capacitor", net.capacitor_controls[0].name);
  for (const Regulator& r : net.regulators) {
    if (r.gang) return fmt::format("'{}' moves all phases", r.name);
    if (r.term) return fmt::format("'{}' moves something else than a phase", r.name);
    if (r.measured_bus.valid()) return fmt::format("'{}' measures somewhere else than at its own node", r.control);
    if (r.positions_per_step != 1) return fmt::format("'{}' has ends of its range between steps", r.control);
    if (r.vlimit != 0) return fmt::format("'{}' has a voltage limit", r.control);
    if (r.ldc_r != 0 || r.ldc_x != 0 || r.ldc_z != 0) return fmt::format("'{}' has line-drop compensation", r.control);
    if (r.tap_ratio != 1) return fmt::format("'{}' has taps that do not count from ratio 1", r.name);
    if (r.reverse != ReverseMode::none) return fmt::format("'{}' is reversible", r.control);
    if (r.inverse_time) return fmt::format("'{}' has an inverse time delay", r.control);
    if (r.delay_s != net.regulators[0].delay_s) return "its regulators have different delays";
  }
  return "";
}

//! A linearized day keeps the extremes of one voltage limit, and neither sequences nor powers but the reclosers'.
std::string limits_unavailable_reason(const Network& net, const Limits& limits) {
  for (const Bus& b : net.buses)
    if (low_voltage(b)) return fmt::format("bus '{}' is below 1 kV, which has limits of its own", b.name);
  for (LimitBit bit : {limit_reverse_power, limit_unbalance})
    if (judged(limits, bit)) return fmt::format("the limit '{}' is judged", limit_info(bit).name);
  return "";
}

}  // namespace

std::string linear_unavailable_reason(const Network& net, const Limits& limits) {
  if (const std::string reason = limits_unavailable_reason(net, limits); !reason.empty()) return reason;
  if (const std::string reason = loads_unavailable_reason(net); !reason.empty()) return reason;
  if (const std::string reason = controls_unavailable_reason(net); !reason.empty()) return reason;
  std::vector<char> on_path(net.buses.size(), 0);
  std::size_t banks = 0;
  for (std::size_t i = 0; i < net.buses.size(); ++i) banks += net.buses[i].branch.kind == BranchKind::regulator;
  if (banks > 1) return fmt::format("it has {} banks of regulators (one is handled)", banks);
  if (!net.regulators.empty() && net.regulators.size() != 3) return "its bank of regulators has not three phases";
  const auto mark = [&](BusId bus) {
    for (BusId b = bus; b.valid(); b = net.buses[b.index()].parent) on_path[b.index()] = 1;
  };
  for (std::size_t i = 0; i < net.buses.size(); ++i)
    if (net.three_phase(BusId(i)) && net.buses[i].branch.kind != BranchKind::source) mark(BusId(i));
  for (const Regulator& r : net.regulators) mark(r.bus);
  for (const Recloser& r : net.reclosers) mark(r.branch_child);
  for (std::size_t i = 0; i < net.buses.size(); ++i) {
    const Bus& b = net.buses[i];
    if (b.inner) return fmt::format("'{}' has windings at three buses", b.branch.name);
    if (judged_between_phases(b)) return fmt::format("bus '{}' is judged between its phases", b.name);
    if (on_path[i] && b.num_nodes != 3)
      return fmt::format("bus '{}' on the way to the source has not three phases", b.name);
    if (!on_path[i] && b.branch.kind != BranchKind::line)
      return fmt::format("'{}' leads off the three-phase part and is no line", b.branch.name);
    if (!b.branch.elements.empty()) return fmt::format("'{}' has elements beside it", b.branch.name);
  }
  return "";
}

std::vector<RunLevel> run_levels(const CompiledFeeder<double>& feeder) {
  std::vector<RunLevel> levels;
  for (const StepRecord<double>& step : feeder.step) {
    const double* level = feeder.level.data() + step.level;
    levels.push_back({level[kUnitShape], level[kFirstLoadShape]});
  }
  return levels;
}

LinearPlan make_linear_plan(const Network& net, const CompiledFeeder<double>& feeder,
                            const std::vector<UnitSite>& units) {
  LinearPlan plan;
  for (UnitSite site : units) plan.units.push_back(site.bus);
  std::sort(plan.units.begin(), plan.units.end());
  plan.units.erase(std::unique(plan.units.begin(), plan.units.end()), plan.units.end());
  const std::vector<char> on_way = find_way(net, plan);
  keep_buses(net, feeder, on_way, plan);
  find_branches(net, feeder, on_way, plan);
  lay_out_rows(net, plan);
  choose_steps(run_levels(feeder), plan);
  return plan;
}

}  // namespace gridqueue

// The columns of the tables that grow with a walk: states, steps, upgrade sets, orders.
#pragma once
#include <algorithm>

#include "host/results/growing_table.hpp"
#include "host/walk/walker.hpp"

namespace gridqueue::layout {

struct UpgradeSetRow {
  ListPlace lines;
  double cost_usd = 0;
};

struct StateRow {
  const State& state;
  Quantities found;
};

struct StepRow {
  const Step& step;
  ListPlace lines;
  std::uint32_t evaluations;  //!< that the step needs on its own
  Quantities found;           //!< with the unit in full
};

//! One position of an order's walk; the row is a whole order.
struct OrderRow {
  const Step* const* steps;  //!< [position]
  const StepId* ids;         //!< [position]
  std::size_t num_units;
};

inline std::int32_t index_of(BusId bus) { return bus.value; }

//! Node codes become rows of /node.
class NodeRows {
 public:
  explicit NodeRows(const Network& network) {
    for (const Bus& bus : network.buses) {
      first_.push_back(count_);
      count_ += bus.num_nodes;
    }
  }
  [[nodiscard]] std::int32_t row(int code) const {
    const NodeId node(code);
    return node.valid() ? first_[node.bus().index()] + node.position() : -1;
  }
  [[nodiscard]] int code(std::int32_t row) const {
    if (row < 0 || row >= count_) return -1;  // the latter in a damaged file alone
    const auto after = std::upper_bound(first_.begin(), first_.end(), row);
    return NodeId(BusId(static_cast<std::size_t>(after - first_.begin() - 1)), row - *(after - 1)).value;
  }

 private:
  std::vector<std::int32_t> first_;
  std::int32_t count_ = 0;
};

inline double flow(const Quantities& q, std::size_t area, FlowRange AreaFlow::*which, double FlowRange::*value) {
  return area < q.areas.size() ? q.areas[area].*which.*value : std::numeric_limits<double>::quiet_NaN();
}

template <class Io>
void flow_columns(Io& io, std::size_t areas) {
  if (areas == 0) return;
  const auto add = [&](const Column& column, FlowRange AreaFlow::*which, double FlowRange::*value) {
    io.matrix(column, "area", areas, [=](const auto& row, std::size_t a) { return flow(row.found, a, which, value); });
  };
  add({"p_min_kw", "kW", "smallest active power leaving the area over the day"}, &AreaFlow::p, &FlowRange::min);
  add({"p_max_kw", "kW", "largest active power leaving the area"}, &AreaFlow::p, &FlowRange::max);
  add({"p_min_abs_kw", "kW", "smallest absolute active power leaving the area"}, &AreaFlow::p, &FlowRange::min_abs);
  add({"q_min_kvar", "kvar", "smallest reactive power leaving the area"}, &AreaFlow::q, &FlowRange::min);
  add({"q_max_kvar", "kvar", "largest reactive power leaving the area"}, &AreaFlow::q, &FlowRange::max);
  add({"q_min_abs_kvar", "kvar", "smallest absolute reactive power leaving the area"}, &AreaFlow::q,
      &FlowRange::min_abs);
}

constexpr const char* where_of(PlaceKind kind) {
  return kind == PlaceKind::node        ? "where, row of /node; -1 = nowhere"
         : kind == PlaceKind::element   ? "where, row of /element; -1 = nowhere"
         : kind == PlaceKind::regulator ? "where, row of /regulator; -1 = nowhere"
                                        : "where, row of /bus; -1 = nowhere";
}

//! A limit's extreme and excess, and where they are.
template <class Io>
void limit_columns(Io& io, const LimitInfo& l, const NodeRows& nodes) {
  const auto add = [&](const Column& column, auto get) {
    io.column(column, [get, bit = l.bit](const auto& row) { return get(row.found[bit]); });
  };
  const auto row_of = [&nodes, kind = l.kind](int place) {
    return std::int32_t(kind == PlaceKind::node ? nodes.row(place) : place);
  };
  using Q = LimitQuantity;
  add({l.value, l.unit, l.meaning}, [](const Q& q) { return q.value; });
  add({l.place, "", where_of(l.kind)}, [row_of](const Q& q) { return row_of(q.place); });
  if (l.step) add({l.step, "", "when, step of the day"}, [](const Q& q) { return std::int32_t(q.step); });
  add({l.excess, l.unit, "largest excess over what a place may reach; negative where all pass"},
      [](const Q& q) { return q.excess.value; });
  add({l.excess_place, "", where_of(l.kind)}, [row_of](const Q& q) { return row_of(q.excess.place); });
}

//! Of rows with quantities `found`.
template <class Io>
void quantity_columns(Io& io, const NodeRows& nodes, std::size_t areas) {
  const auto add = [&](const Column& column, auto get) {
    io.column(column, [=](const auto& row) { return get(row.found); });
  };
  using Q = Quantities;
  add({"converged", "", "1 where the power flow converged"}, [](const Q& q) { return std::uint8_t(q.converged); });
  add({"linear", "", "1 where the linearized feeder answered, 0 where AC did"},
      [](const Q& q) { return std::uint8_t(q.linear); });
  add({"violations", "", "limits violated, bit flags"}, [](const Q& q) { return q.violations; });
  for (const LimitInfo& l : kLimits)
    if (l.value) limit_columns(io, l, nodes);
  add({"taps_min", "", "lowest regulator tap over the day"}, [](const Q& q) { return std::int32_t(q.taps_min); });
  add({"taps_max", "", "highest regulator tap over the day"}, [](const Q& q) { return std::int32_t(q.taps_max); });
  flow_columns(io, areas);
}

template <class Io>
void state_columns(Io& io, std::size_t words) {
  io.matrix({"considered", "", "units considered so far, bit u % 64 of word u / 64"}, "word", words,
            [](const StateRow& r, std::size_t w) { return r.state.considered.word[w]; });
  io.matrix({"in", "", "units accepted, bit u % 64 of word u / 64"}, "word", words,
            [](const StateRow& r, std::size_t w) { return r.state.in.word[w]; });
  io.column({"upgrade_set", "", "lines upgraded, row of /upgrade_set"},
            [](const StateRow& r) { return r.state.upgrades.value; });
}

template <class Io>
void step_columns(Io& io) {
  io.column({"from", "", "state before, row of /state"}, [](const StepRow& r) { return r.step.from.value; });
  io.column({"to", "", "state after, row of /state"}, [](const StepRow& r) { return r.step.to.value; });
  io.column({"unit", "", "unit considered, row of /unit"}, [](const StepRow& r) { return r.step.unit.value; });
  io.column({"decision", "", "0 accept, 1 upgrade, 2 reject"},
            [](const StepRow& r) { return std::uint8_t(r.step.decision); });
  io.column({"limit", "", "limits violated with the unit added in full, bit flags"},
            [](const StepRow& r) { return r.step.limits; });
  io.column({"cost_usd", "USD", "what the unit pays"}, [](const StepRow& r) { return r.step.cost_usd; });
  io.column({"hosting_kw", "kW", "hosting capacity at the unit's bus, as the study asks; NaN = not asked"},
            [](const StepRow& r) { return r.step.hosting_kw; });
  io.column({"evaluations", "", "daily power flows that this step needs on its own"},
            [](const StepRow& r) { return r.evaluations; });
  list_columns(io, [](const StepRow& r) { return r.lines; });
}

template <class Io>
void upgrade_set_columns(Io& io) {
  io.column({"cost_usd", "USD", "cost of all lines of the set"}, [](const UpgradeSetRow& r) { return r.cost_usd; });
  list_columns(io, [](const UpgradeSetRow& r) { return r.lines; });
}

template <class Io>
void order_columns(Io& io, std::size_t units) {
  using R = OrderRow;
  const auto add = [&](const Column& column, auto get) {
    io.matrix(column, "position", units, [=](const R& r, std::size_t p) { return get(*r.steps[p]); });
  };
  add({"unit", "", "unit at this position, row of /unit"}, [](const Step& s) { return s.unit.value; });
  io.matrix({"step", "", "step taken, row of /step"}, "position", units,
            [](const R& r, std::size_t p) { return r.ids[p].value; });
  add({"state", "", "state after this position, row of /state"}, [](const Step& s) { return s.to.value; });
  add({"cost_usd", "USD", "what the unit at this position pays"}, [](const Step& s) { return s.cost_usd; });
  add({"limit", "", "limits violated when the unit was added, bit flags; 0 = none"},
      [](const Step& s) { return s.limits; });
  add({"decision", "", "0 accept, 1 upgrade, 2 reject"}, [](const Step& s) { return std::uint8_t(s.decision); });
  add({"hosting_kw", "kW", "hosting capacity at the unit's bus, as the study asks; NaN = not asked"},
      [](const Step& s) { return s.hosting_kw; });
  const auto count = [](const R& r, auto which) {
    std::int32_t n = 0;
    for (std::size_t p = 0; p < r.num_units; ++p) n += which(*r.steps[p]);
    return n;
  };
  io.column({"total_usd", "USD", "sum of what the units of this order pay"}, [](const R& r) {
    double total = 0;
    for (std::size_t p = 0; p < r.num_units; ++p) total += r.steps[p]->cost_usd;
    return total;
  });
  io.column({"triggers", "", "units that violated a limit"},
            [=](const R& r) { return count(r, [](const Step& s) { return s.limits != 0; }); });
  io.column({"rejects", "", "units rejected"},
            [=](const R& r) { return count(r, [](const Step& s) { return s.decision == Decision::reject; }); });
}

}  // namespace gridqueue::layout

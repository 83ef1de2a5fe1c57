#include "host/dss/regulator_branches.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "host/dss/branch_admittance.hpp"
#include "host/dss/control_check.hpp"
#include "host/dss/tap_terms.hpp"
#include "host/model/voltage_base.hpp"

namespace gridqueue {
namespace {

using Elements = std::vector<const DssBranch*>;

std::map<std::pair<std::string, std::string>, Elements> elements_between(const DssModel& model) {
  std::map<std::pair<std::string, std::string>, Elements> between;
  for (const DssBranch& b : model.branches)
    between[std::pair<std::string, std::string>(std::minmax(b.bus[0], b.bus[1]))].push_back(&b);
  return between;
}

//! The tap changers of one branch.
class TappedBranch {
 public:
  TappedBranch(Network& net, BusId bus, const Elements& elements, std::vector<Regulator*> regulators,
               Obstacles& obstacles)
      : net_(net), child_(net.buses[bus.index()]), parent_(net.buses[child_.parent.index()]), elements_(elements),
        obstacles_(obstacles) {
    for (Regulator* r : regulators) find(r);
  }

  void place() {
    if (changers_.empty()) return;
    if (is_bank()) return make_bank();
    if (moves_all_nodes()) return make_gang();
    const std::string why = add_tap_terms(elements_, changers_, child_, parent_);
    int place = 0;
    for (const TapChanger& c : changers_) {
      c.regulator->node = place++;
      ControlCheck check(c.regulator->control, obstacles_);
      check.need(why.empty(), why);
      check.need(c.regulator->reverse == ReverseMode::none,
                 "is reversible and moves something else than its own nodes");
      const bool compensates = c.regulator->ldc_r != 0 || c.regulator->ldc_x != 0 || c.regulator->ldc_z != 0;
      check.need(!compensates || stands_alone(c), "compensates the drop of a current that is not all its own");
    }
  }

 private:
  void find(Regulator* r) {
    ControlCheck check(r->control, obstacles_);
    const auto is_it = [&](const DssBranch* b) { return b->name == r->name; };
    const DssBranch* b = *std::find_if(elements_.begin(), elements_.end(), is_it);
    for (std::size_t end = 0; end < 2; ++end)
      if (std::count(b->terminal[end].begin(), b->terminal[end].end(), r->tap_winding - 1) > 0)
        return changers_.push_back({r, b, end});
    check.need(false, "moves the tap of a winding that is not connected");
  }

  [[nodiscard]] bool at_child(const TapChanger& c) const {
    return c.element->bus[c.end] == child_.name &&
           std::all_of(c.element->terminal[c.end].begin(), c.element->terminal[c.end].end(),
                       [&](int t) { return t == c.regulator->tap_winding - 1; });
  }
  [[nodiscard]] static std::size_t place_of(const Bus& bus, int phase) {
    return static_cast<std::size_t>(position_of(bus, phase));
  }
  [[nodiscard]] static double ratio_now(const TapChanger& c) { return c.regulator->ratio(c.regulator->tap_initial); }

  //! One on every phase of the bus, the same on both sides, of ratio 1 in volts and per unit, each measured at its own
  //! winding, and nothing that couples the phases.
  [[nodiscard]] bool is_bank() const {
    if (!same_base(child_, parent_)) return false;
    std::set<int> phases;
    for (const TapChanger& c : changers_) {
      const DssBranch& b = *c.element;
      if (!at_child(c) || b.node[0].size() != 1 || b.node[0] != b.node[1] || !phases.insert(b.node[0][0]).second)
        return false;
      const std::size_t n = place_of(child_, b.node[0][0]);
      const double ratio = ratio_now(c);
      for (std::size_t p = 0; p < static_cast<std::size_t>(parent_.num_nodes); ++p)
        if (std::abs(child_.branch.a[n][p] / ratio - (parent_.phase[p] == child_.phase[n] ? 1.0 : 0.0)) > 1e-4)
          return false;
      for (std::size_t m = 0; m < static_cast<std::size_t>(child_.num_nodes); ++m)
        if (m != n && std::abs(child_.branch.z[n][m]) > 1e-9 * std::abs(child_.branch.z[n][n])) return false;
    }
    return static_cast<int>(phases.size()) == child_.num_nodes && child_.branch.elements.empty();
  }

  void make_bank() {
    child_.branch.kind = BranchKind::regulator;
    for (const TapChanger& c : changers_) {
      Regulator& r = *c.regulator;
      const std::size_t n = place_of(child_, c.element->node[0][0]);
      r.node = static_cast<int>(n);
      child_.branch.z[n][n] /= ratio_now(c) * ratio_now(c);
      for (std::size_t p = 0; p < static_cast<std::size_t>(parent_.num_nodes); ++p) {
        child_.branch.a[n][p] = parent_.phase[p] == child_.phase[n] ? 1 : 0;
        child_.branch.i_terminal1[p][n] = child_.branch.a[n][p];
      }
      measure_at_own_node(r);
    }
  }

  //! What a bank's regulators do unless they say otherwise.
  void measure_at_own_node(Regulator& r) const {
    const MeasuredPhases& m = r.measured;
    if (!r.measured_bus.valid() || &net_.buses[r.measured_bus.index()] != &child_ ||
        r.measured_pt_ratio != r.pt_ratio || m.node[1] >= 0 || m.to_node[0] >= 0 || m.node[0] != r.node)
      return;
    r.measured_bus = BusId();
    r.measured = {};
    r.measured_pt_ratio = 0;
  }

  [[nodiscard]] bool moves_all_nodes() const { return elements_.size() == 1 && at_child(changers_.front()); }

  //! With the tap t on the child's side Z(t) = t^2 Z(1), A(t) = t A(1), exactly, since the tap scales the winding's
  //! conductors: Ycc ~ 1 / t^2, Ycp ~ 1 / t. The millionth by which anti-float admittances differ is dropped.
  void make_gang() {
    Branch& b = child_.branch;
    const double t = ratio_now(changers_.front());
    changers_.front().regulator->gang = true;
    divide(b.z, t * t);
    divide(b.a, t);
    divide(b.i_terminal1, t);
    for (BranchElement& e : b.elements) divide(e.i_terminal1, t);
    measure_at_own_node(*changers_.front().regulator);
  }

  //! Whether no other element is at the nodes that it measures.
  [[nodiscard]] bool stands_alone(const TapChanger& c) const {
    for (int place : c.regulator->measured.node) {
      if (place < 0) continue;
      const int node = child_.phase[static_cast<std::size_t>(place)];
      for (const DssBranch* e : elements_)
        for (std::size_t end = 0; end < 2; ++end)
          if (e != c.element && e->bus[end] == child_.name &&
              std::count(e->node[end].begin(), e->node[end].end(), node) > 0)
            return false;
    }
    return true;
  }

  Network& net_;
  Bus& child_;
  Bus& parent_;
  const Elements& elements_;
  Obstacles& obstacles_;
  std::vector<TapChanger> changers_;
};

}  // namespace

void place_regulators(const DssModel& model, Network& net, Obstacles& obstacles) {
  const auto between = elements_between(model);
  std::map<BusId, std::vector<Regulator*>> at;
  for (Regulator& r : net.regulators) at[r.bus].push_back(&r);
  for (const auto& [bus, regulators] : at) {
    const Bus& child = net.buses[bus.index()];
    const Elements& elements = between.at(std::minmax<std::string>(child.name, net.buses[child.parent.index()].name));
    TappedBranch(net, bus, elements, regulators, obstacles).place();
  }
  std::sort(net.regulators.begin(), net.regulators.end(),
            [](const Regulator& a, const Regulator& b) { return std::pair(a.bus, a.node) < std::pair(b.bus, b.node); });
}

}  // namespace gridqueue

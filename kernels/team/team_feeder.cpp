#include "kernels/team/team_feeder.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

//! Lanes for which tables have places.
int whole_tiles(int lanes) { return (lanes + kWarp - 1) / kWarp * kWarp; }

template <class Real>
class TeamBuilder {
 public:
  TeamBuilder(const CompiledFeeder<Real>& feeder, int lanes)
      : f_(feeder), buses_(static_cast<int>(feeder.bus.size())), lanes_(lanes) {
    GQ_EXPECT(lanes * kTeamBuses >= buses_);
  }

  TeamFeeder<Real> run() {
    check_controls();
    place_slots();
    find_subtrees();
    allocate();
    for (int b = 0; b < buses_; ++b) {
      add_zone(b);
      add_branch(b);
      add_injections(b);
      add_shunt(b);
      add_places(b);
    }
    add_tour();
    add_voltages();
    for (const RecloserRecord& r : f_.recloser)
      out_.parent_of_recloser.push_back(parent_[static_cast<std::size_t>(r.bus)]);
    out_.shape.num_zones = static_cast<std::int32_t>(out_.zone.size());
    for (int b = buses_; b < lanes_ * kTeamBuses; ++b) index(t_zone, b) = out_.shape.num_zones;
    out_.scratch =
        plan_team_scratch(f_.shape.plan, lanes_, out_.shape.tour, out_.shape.num_zones, f_.shape.num_reclosers);
    return std::move(out_);
  }

 private:
  using Slots = std::array<int, kTeamSlots>;
  [[nodiscard]] const BusRecord& bus(int b) const { return f_.bus[static_cast<std::size_t>(b)]; }
  [[nodiscard]] const Slots& slots(int b) const { return slot_[static_cast<std::size_t>(b)]; }
  [[nodiscard]] std::size_t at(int fields, int field, int b) const {
    return static_cast<std::size_t>(out_.shape.at(fields, field, b % kTeamBuses, b / kTeamBuses));
  }
  Real& number(int field, int b) { return out_.number[at(num_team_numbers, field, b)]; }
  std::int32_t& index(int field, int b) { return out_.index[at(num_team_indices, field, b)]; }

  //! A lane knows the voltages of its own buses, and carries along what every feeder has.
  void check_controls() const {
    if (f_.shape.num_days > 1) fail_input("a feeder of several days (not representable for a team of lanes)");
    if (!f_.capacitor.empty()) fail_input("a capacitor is switched (not representable for a team of lanes)");
    if (f_.shape.num_three_phase > 0) fail_input("unbalance is judged (not representable for a team of lanes)");
    if (f_.shape.num_power_meters > 0) fail_input("reverse power is judged (not representable for a team of lanes)");
    for (int b = 0; b < buses_; ++b) {
      if (bus(b).regulator < 0) continue;
      const int regulators = bus(b).kind == SweepKind::regulator ? bus(b).num_nodes : 1;
      for (int i = bus(b).regulator; i < bus(b).regulator + regulators; ++i) {
        if (needs_memory(f_.regulator[static_cast<std::size_t>(i)]))
          fail_input("a regulator at bus {} is reversible or of inverse time (not representable for a team of lanes)",
                     b);
        if (f_.bus_of_node[static_cast<std::size_t>(f_.regulator[static_cast<std::size_t>(i)].measured.node[0])] != b)
          fail_input("a regulator at bus {} measures at another bus (not representable for a team of lanes)", b);
      }
    }
  }

  void place_slots() {
    slot_.resize(static_cast<std::size_t>(buses_));
    parent_.assign(static_cast<std::size_t>(buses_), -1);
    for (int b = 0; b < buses_; ++b) {
      if (bus(b).num_nodes > kTeamSlots || bus(b).kind == SweepKind::two_port || bus(b).floating ||
          bus(b).neutrals != 0)
        fail_input(
            "bus {} is no part of three phases that go on from bus to bus (not representable for a team of lanes)", b);
      if (bus(b).parts > 0)
        fail_input("units at bus {} stand on some of its phases (not representable for a team of lanes)", b);
      Slots& mine = slot_[static_cast<std::size_t>(b)];
      if (b > 0) parent_[static_cast<std::size_t>(b)] = f_.bus_of_node[static_cast<std::size_t>(bus(b).parent_node)];
      for (int n = 0; n < bus(b).num_nodes; ++n)
        mine[static_cast<std::size_t>(n)] =
            b == 0 ? n : slots(parent_[static_cast<std::size_t>(b)])[static_cast<std::size_t>(bus(b).select[n])];
      if (!std::is_sorted(mine.begin(), mine.begin() + bus(b).num_nodes))
        fail_input("bus {} exchanges phases (not representable for a team of lanes)", b);
    }
  }

  void find_subtrees() {
    last_.resize(static_cast<std::size_t>(buses_));
    for (int b = buses_ - 1; b >= 0; --b) last_[static_cast<std::size_t>(b)] = b;
    for (int b = buses_ - 1; b > 0; --b) {
      int& above = last_[static_cast<std::size_t>(parent_[static_cast<std::size_t>(b)])];
      above = std::max(above, last_[static_cast<std::size_t>(b)]);
    }
  }
  [[nodiscard]] bool leaf(int b) const { return last_[static_cast<std::size_t>(b)] == b; }

  void allocate() {
    std::int32_t injections = 0;
    for (const BusRecord& b : f_.bus) injections = std::max(injections, b.injections);
    out_.shape.size = lanes_;
    const auto cells = static_cast<std::size_t>(kTeamBuses) * static_cast<std::size_t>(whole_tiles(lanes_));
    out_.number.assign(num_team_numbers * cells, Real(0));
    out_.injection.assign(static_cast<std::size_t>(injections) * cells, {});
    out_.shape.most_injections = injections;
    out_.shape.unit = static_cast<std::int32_t>(out_.injection.size());
    out_.injection.push_back(f_.shape.unit);
    out_.index.assign(num_team_indices * cells, -1);
    for (int b = 0; b < lanes_ * kTeamBuses; ++b) {  // places beyond the last bus: no nodes, nothing drawn
      index(t_last, b) = b;
      for (TeamIndex field : {t_before, t_zone, t_injections, t_present, t_always}) index(field, b) = 0;
    }
  }

  void add_zone(int b) {
    const std::int32_t above = b > 0 ? index(t_zone, parent_[static_cast<std::size_t>(b)]) : -1;
    if (bus(b).kind == SweepKind::line) {
      index(t_zone, b) = above;
      return;
    }
    ZoneRecord z{b, parent_[static_cast<std::size_t>(b)], above, {0, 0, 0}};
    std::copy_n(slots(b).begin(), kTeamSlots, z.slot);
    index(t_zone, b) = static_cast<std::int32_t>(out_.zone.size());
    out_.zone.push_back(z);
  }

  void add_branch(int b) {
    const BusRecord& r = bus(b);
    if (r.ratings > 0) {
      const RatingRecord<Real>& rating = f_.rating[static_cast<std::size_t>(r.rated)];
      number(t_inverse_normal2, b) = rating.inverse_normal2;
      number(t_inverse_emergency2, b) = rating.inverse_emergency2;
      number(t_inverse_watch2, b) = rating.inverse_watch2;
      number(t_charging_sign, b) = rating.charging_sign;
    }
    if (r.kind != SweepKind::line) return;
    const int n = r.num_nodes;
    const Real* z = f_.coefficient.data() + r.coefficient;
    for (int row = 0; row < n; ++row) {
      for (int col = row; col < n; ++col) put_symmetric(b, row, col, z + 2 * (row * n + col), z + 2 * (col * n + row));
    }
    put_charging(b, z + 2 * n * n);
  }

  void put_charging(int b, const Real* decoupled) {
    const int n = bus(b).num_nodes;
    const Real* coupled = decoupled + 2 * n;
    for (int row = 0; row < n; ++row) {
      const int slot = slots(b)[static_cast<std::size_t>(row)];
      const Real* own = f_.shape.exact_charging ? coupled + 2 * (row * n + row) : decoupled + 2 * row;
      for (int part = 0; part < 2; ++part) number(t_charging + 2 * slot + part, b) = own[part];
      for (int col = row + 1; col < n; ++col)
        for (int part = 0; part < 2; ++part)
          number(t_coupling + 2 * (slot + slots(b)[static_cast<std::size_t>(col)] - 1) + part, b) =
              coupled[2 * (row * n + col) + part];
    }
  }

  void put_symmetric(int b, int row, int col, const Real* upper, const Real* lower) {
    if (std::abs(upper[0] - lower[0]) + std::abs(upper[1] - lower[1]) >
        Real(1e-6) * (std::abs(upper[0]) + std::abs(upper[1])))
      fail_input("the line to bus {} has an asymmetric impedance (not representable for a team of lanes)", b);
    const int i = slots(b)[static_cast<std::size_t>(row)], k = slots(b)[static_cast<std::size_t>(col)];
    const int place = i == 0 ? k : i + k + 1;  // (0,0) (0,1) (0,2) (1,1) (1,2) (2,2)
    for (int part = 0; part < 2; ++part) number(t_z + 2 * place + part, b) = upper[part];
  }

  void add_injections(int b) {
    const BusRecord& r = bus(b);
    index(t_injections, b) = r.injections;
    for (int k = 0; k < r.injections; ++k) {
      const InjectionRecord<Real>& by_node = f_.injection[static_cast<std::size_t>(r.injection + k)];
      if (by_node.connection != Connection::ground)
        fail_input("a load at bus {} stands between nodes (not representable for a team of lanes)", b);
      InjectionRecord<Real>& by_slot = out_.injection[at(out_.shape.most_injections, k, b)];
      by_slot = by_node;
      for (int n = 0; n < kMaxNodes; ++n) by_slot.p[n] = by_slot.q[n] = Real(0);
      for (int n = 0; n < r.num_nodes; ++n) {
        const int s = slots(b)[static_cast<std::size_t>(n)];
        by_slot.p[s] = by_node.p[n], by_slot.q[s] = by_node.q[n];
      }
    }
  }

  void add_shunt(int b) {
    const BusRecord& r = bus(b);
    if (r.shunt < 0) return;
    index(t_shunt, b) = static_cast<std::int32_t>(out_.shunt.size());
    out_.shunt.resize(out_.shunt.size() + kShuntFields, Real(0));
    Real* y = out_.shunt.data() + index(t_shunt, b);
    for (int row = 0; row < r.num_nodes; ++row)
      for (int col = 0; col < r.num_nodes; ++col)
        for (int part = 0; part < 2; ++part)
          y[2 * (slots(b)[static_cast<std::size_t>(row)] * kTeamSlots + slots(b)[static_cast<std::size_t>(col)]) +
            part] = f_.coefficient[static_cast<std::size_t>(r.shunt + 2 * (row * r.num_nodes + col) + part)];
  }

  void add_places(int b) {
    const BusRecord& r = bus(b);
    index(t_last, b) = last_[static_cast<std::size_t>(b)];
    index(t_node, b) = r.node;
    index(t_line, b) = r.line;
    index(t_der, b) = r.der;
    index(t_monitor, b) = r.monitor;
    index(t_always, b) = r.always_monitored;
    index(t_rated, b) = r.ratings > 0 ? r.rated : -1;
    number(t_share, b) = Real(1) / static_cast<Real>(r.num_nodes);
    for (int n = 0; n < r.num_nodes; ++n) index(t_present, b) |= 1 << slots(b)[static_cast<std::size_t>(n)];
  }

  //! Enters and leaves of the buses that have children, in depth-first order; what lies behind the last enter is left
  //! out.
  void add_tour() {
    std::vector<int> open, enter(static_cast<std::size_t>(buses_), -1), leave(static_cast<std::size_t>(buses_), -1),
        before;
    int length = 0, used = 0;
    for (int b = 0; b < buses_; ++b) {
      while (!open.empty() && last_[static_cast<std::size_t>(open.back())] < b) {
        leave[static_cast<std::size_t>(open.back())] = length++;
        open.pop_back();
      }
      before.push_back(std::max(length - 1, 0));
      used = std::max(used, before.back() + 1);
      if (leaf(b)) continue;
      enter[static_cast<std::size_t>(b)] = length++;
      open.push_back(b);
    }
    out_.shape.tour = (used + lanes_ - 1) / lanes_;
    const auto place = [&](int position) -> std::int32_t {
      if (position < 0 || position >= used) return -1;
      return out_.shape.place(position % out_.shape.tour, position / out_.shape.tour);
    };
    for (int b = 0; b < lanes_ * kTeamBuses; ++b)
      index(t_subtree, b) = out_.shape.place(index(t_last, b) % kTeamBuses, index(t_last, b) / kTeamBuses);
    for (int b = 0; b < buses_; ++b) {
      index(t_enter, b) = place(enter[static_cast<std::size_t>(b)]);
      index(t_leave, b) = place(leave[static_cast<std::size_t>(b)]);
      index(t_before, b) = place(before[static_cast<std::size_t>(b)]);
    }
  }

  //! Slots without a node start at the voltage of the bus above; in a zone without the phase, and beyond the last bus,
  //! they stay at 1 pu. So they never make a step of their own.
  void add_voltages() {
    out_.initial_voltage.assign(static_cast<std::size_t>(kTeamParts * kTeamBuses * whole_tiles(lanes_)), Real(0));
    for (int b = 0; b < lanes_ * kTeamBuses; ++b)
      for (int s = 0; s < kTeamSlots; ++s)
        for (int part = 0; part < 2; ++part) {
          const bool known = b > 0 && b < buses_ && bus(b).kind == SweepKind::line;
          out_.initial_voltage[at(kTeamParts, 2 * s + part, b)] =
              known ? out_.initial_voltage[at(kTeamParts, 2 * s + part, parent_[static_cast<std::size_t>(b)])]
                    : Real(1 - part);
          for (int n = 0; b < buses_ && n < bus(b).num_nodes; ++n)
            if (slots(b)[static_cast<std::size_t>(n)] == s)
              out_.initial_voltage[at(kTeamParts, 2 * s + part, b)] =
                  f_.initial_voltage[static_cast<std::size_t>(2 * (bus(b).node + n) + part)];
        }
  }

  const CompiledFeeder<Real>& f_;
  int buses_, lanes_;
  TeamFeeder<Real> out_;
  std::vector<Slots> slot_;
  std::vector<int> parent_, last_;
};

}  // namespace

int team_lanes(int num_buses) { return (num_buses + kWarp * kTeamBuses - 1) / (kWarp * kTeamBuses) * kWarp; }

TeamScratch plan_team_scratch(const WorkspacePlan& plan, std::int32_t lanes, std::int32_t tour, std::int32_t zones,
                              std::int32_t reclosers) {
  TeamScratch s{};
  const auto take = [&s](std::int32_t numbers) {
    const std::int32_t first = s.size;
    s.size += numbers;
    return first;
  };
  s.sums = take(kTeamParts * std::max(kTeamBuses, tour) * whole_tiles(lanes));
  s.base = take(kTeamParts * (zones + 1));
  s.above = take(kTeamParts * zones);
  s.change = take(kTeamParts);
  s.watch = take(2 * kTeamParts * reclosers);
  s.extrema = take(kExtrema * whole_tiles(lanes));
  s.low_voltage = take((plan.unbalance - plan.low_voltage) * whole_tiles(lanes));
  s.rows = take(plan.rows - plan.previous);
  return s;
}

template <class Real>
TeamView<Real> TeamFeeder<Real>::view() const {
  TeamView<Real> v = shape;
  v.number = number.data();
  v.index = index.data();
  v.injection = injection.data();
  v.shunt = shunt.data();
  v.zone = zone.data();
  v.parent_of_recloser = parent_of_recloser.data();
  v.initial_voltage = initial_voltage.data();
  return v;
}

template <class Real>
TeamFeeder<Real> make_team_feeder(const CompiledFeeder<Real>& feeder, int lanes) {
  return TeamBuilder<Real>(feeder, lanes).run();
}

template struct TeamFeeder<float>;
template struct TeamFeeder<double>;
template TeamFeeder<float> make_team_feeder<float>(const CompiledFeeder<float>&, int);
template TeamFeeder<double> make_team_feeder<double>(const CompiledFeeder<double>&, int);

}  // namespace gridqueue

#include "kernels/feeder/compiled_feeder.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <tuple>
#include <utility>

#include "gridqueue/contracts.hpp"
#include "kernels/feeder/feeder_records.hpp"
#include "kernels/feeder/held_shunts.hpp"
#include "kernels/feeder/part_rows.hpp"
#include "kernels/feeder/rating_rows.hpp"
#include "kernels/feeder/series.hpp"
#include "kernels/feeder/shunts_below.hpp"

namespace gridqueue {
namespace {

//! Largest error of a converged solution [pu], estimated from the contraction seen. Tap decisions hang on 1.5e-5 pu and
//! float's own noise is below 1e-6 on 8,500 nodes.
template <class Real>
constexpr double kTolerance = sizeof(Real) == 4 ? 1e-6 : 1e-9;
template <class Real>
constexpr double kStagnation = sizeof(Real) == 4 ? 1e-5 : 1e-7;
//! Largest simple_charging_error() that is left standing [pu].
template <class Real>
constexpr double kSimpleCharging = sizeof(Real) == 4 ? 4e-5 : 0;
//! constant_power_drop() [pu] from which anticipating currents halves the sweeps (measured: 0.54 needs 12 without and 6
//! with it), while it costs a fifth of a sweep; how far ahead, which hangs little on the feeder.
constexpr double kAnticipated = 0.3, kAnticipation = 1.4;
constexpr int kPatience = 40;  // sweeps; a healthy feeder needs 2 to 20
constexpr int kAheadSweeps = 25;
//! Near voltage collapse errors turn and grow sevenfold in a whole step at most (measured: 120 sweeps at 0.65 pu).
constexpr double kLeastShare = 0.125;
constexpr int kMaxSweeps = 300;

//! One record can hold the shares of both.
template <class Real>
bool follow_alike(const InjectionRecord<Real>& a, const InjectionRecord<Real>& b) {
  const auto rules = [](const InjectionRecord<Real>& r) {
    return std::tuple(r.law, r.shape, r.polynomial, r.ratio, r.vmin, r.vmax, r.vlow, r.offset, r.slope, r.high);
  };
  return a.connection == Connection::ground && b.connection == Connection::ground && rules(a) == rules(b);
}

template <class Real>
class Compiler {
 public:
  Compiler(const Network& network, const EvaluatorOptions& options, Keep keep)
      : net_(network), options_(options), keep_(keep), parts_(network, options),
        ratings_(network, options.limits, keep, out_), series_(find_series(network, options, kSeriesCharging<Real>)) {
    std::memset(static_cast<void*>(&out_.shape), 0, sizeof out_.shape);  // padding, too: it goes to devices as it is
    for (UnitSite site : options.sites) sites_.insert(site.bus);
  }

  CompiledFeeder<Real> run() {
    number_nodes();
    for (std::size_t i = 0; i < net_.buses.size(); ++i) add_bus(i);
    mark_monitors();
    add_loads();
    parts_.add_records(num_ders_, out_);
    add_held_shunts();
    choose_charging();
    add_admittances();
    add_regulators();
    ratings_.add_taps();
    ratings_.add_bounds();
    add_capacitors();
    out_.recloser = recloser_records(net_);
    if (judged(options_.limits, limit_unbalance)) out_.three_phase = three_phase_records(net_, first_node_);
    if (judged(options_.limits, limit_reverse_power)) out_.power_meter = power_meter_records(net_, first_node_);
    if (out_.shape.anticipation > Real(0)) add_shunts_below(num_nodes_, out_);
    choose_swept();
    auto day = day_records<Real>(net_);
    out_.step = std::move(day.step), out_.level = std::move(day.level), out_.source = std::move(day.source);
    add_voltages();
    finish();
    return std::move(out_);
  }

 private:
  [[nodiscard]] const Bus& bus(std::size_t i) const { return net_.buses[i]; }
  [[nodiscard]] double volts(std::size_t i) const { return base_volts(bus(i)); }
  [[nodiscard]] double amps(std::size_t i) const { return base_amps(bus(i)); }

  void push(Complex z) {
    out_.coefficient.push_back(static_cast<Real>(z.real()));
    out_.coefficient.push_back(static_cast<Real>(z.imag()));
  }

  void number_nodes() {
    for (std::size_t i = 0; i < net_.buses.size(); ++i) {
      if (bus(i).num_nodes < 1 || bus(i).num_nodes > kMaxNodes)
        fail_input("bus '{}' has {} nodes (this engine handles 1 to {})", bus(i).name, bus(i).num_nodes, kMaxNodes);
      first_node_.push_back(num_nodes_);
      num_nodes_ += bus(i).num_nodes;
      for (int n = 0; n < bus(i).num_nodes; ++n) out_.bus_of_node.push_back(static_cast<std::int32_t>(i));
    }
  }

  //! Of the tap changers of the branch to a bus, in order.
  [[nodiscard]] std::vector<const Regulator*> terms_of(const Bus& b) const {
    std::vector<const Regulator*> terms;
    for (const Regulator& r : net_.regulators)
      if (r.term && &bus(r.bus.index()) == &b) terms.push_back(&r);
    return terms;
  }

  [[nodiscard]] SweepKind sweep_kind(const Bus& b) const {
    switch (b.branch.kind) {
      case BranchKind::source: return SweepKind::source;
      case BranchKind::line: return SweepKind::line;
      case BranchKind::regulator: return SweepKind::regulator;
      default: break;
    }
    const Bus& parent = bus(b.parent.index());
    const bool aligned =
        parent.num_nodes == b.num_nodes && parent.phase == b.phase && b.branch.elements.empty() && terms_of(b).empty();
    return aligned ? SweepKind::transformer : SweepKind::two_port;
  }

  void add_bus(std::size_t i) {
    const Bus& b = bus(i);
    BusRecord r{};
    r.kind = sweep_kind(b);
    r.num_nodes = b.num_nodes;
    r.floating = judged_between_phases(b) ? 1 : 0;
    r.neutrals = neutral_nodes(b);
    r.low_voltage = low_voltage(b) ? 1 : 0;
    r.node = first_node_[i];
    r.current = 2 * r.node;
    r.admittance = r.held = r.next_held = -1;
    r.side = r.parent_side = r.shunt = r.line = r.der = r.monitor = r.regulator = r.tap = r.rated = -1;
    r.capacitor = r.taps = 0;
    if (b.parent.valid()) place_below(i, r);
    r.coefficient = static_cast<std::int32_t>(out_.coefficient.size());
    add_branch(i, r);
    add_shunt(i, r);
    out_.line_row.push_back(-1);
    if (r.kind == SweepKind::line) out_.line_row.back() = r.line = num_lines_++;
    out_.der_row.push_back(-1);
    if (three_phase_site(net_, BusId(i)) && (!options_.only_sites || sites_.contains(BusId(i))))
      out_.der_row.back() = r.der = num_ders_++;
    r.part = parts_.first(i), r.parts = parts_.count(i);
    ratings_.add_branch(i, r);
    out_.bus.push_back(r);
  }

  void place_below(std::size_t i, BusRecord& r) {
    const Bus& b = bus(i);
    const std::size_t p = b.parent.index();
    if (p >= i) fail_input("bus '{}' stands before its parent (buses must be in depth-first order)", b.name);
    r.parent_node = first_node_[p];
    r.parent_nodes = bus(p).num_nodes;
    if (r.kind == SweepKind::two_port) return;
    bool same = bus(p).num_nodes == b.num_nodes;
    for (int n = 0; n < b.num_nodes; ++n) {
      const auto* begin = bus(p).phase.data();
      const auto* end = begin + bus(p).num_nodes;
      const auto* found = std::find(begin, end, b.phase[static_cast<std::size_t>(n)]);
      if (found == end)
        fail_input("branch '{}' leads phase {} of bus '{}' from a bus without it (not representable)", b.branch.name,
                   b.phase[static_cast<std::size_t>(n)], b.name);
      r.select[n] = static_cast<std::int32_t>(found - begin);
      same = same && r.select[n] == n;
    }
    r.chained = p + 1 == i && same ? 1 : 0;
  }

  void add_branch(std::size_t i, const BusRecord& r) {
    const Bus& b = bus(i);
    if (r.kind == SweepKind::line) {
      add_line(b, b.branch.z, b.branch.y_line, out_.coefficient);
      return;
    }
    const auto n = static_cast<std::size_t>(b.num_nodes);
    const double z_base = volts(i) / amps(i);
    for (std::size_t row = 0; row < n; ++row)
      for (std::size_t col = 0; col < n; ++col)
        if (r.kind != SweepKind::regulator || row == col) push(b.branch.z[row][col] / z_base);
    if (r.kind == SweepKind::transformer || r.kind == SweepKind::two_port) {
      const double ratio = volts(b.parent.index()) / volts(i);
      for (std::size_t row = 0; row < n; ++row)
        for (std::size_t col = 0; col < static_cast<std::size_t>(r.parent_nodes); ++col)
          push(b.branch.a[row][col] * ratio);
    }
    for (const Regulator* regulator : terms_of(b)) add_term(i, *regulator->term);
  }

  void add_term(std::size_t i, const TapTerm& term) {
    const std::size_t p = bus(i).parent.index();
    const auto n = static_cast<std::size_t>(bus(i).num_nodes), m = static_cast<std::size_t>(bus(p).num_nodes);
    for (std::size_t row = 0; row < n; ++row)
      for (std::size_t col = 0; col < n; ++col) push(term.z[row][col] * amps(i) / volts(i));
    for (std::size_t row = 0; row < n; ++row)
      for (std::size_t col = 0; col < m; ++col) push(term.a[row][col] * volts(p) / volts(i));
    for (std::size_t row = 0; row < m; ++row)
      for (std::size_t col = 0; col < m; ++col) push(term.y_parent[row][col] * volts(p) / amps(p));
  }

  void add_shunt(std::size_t i, BusRecord& r) {
    const Bus& b = bus(i);
    const auto n = static_cast<std::size_t>(b.num_nodes);
    double largest = 0;
    for (std::size_t row = 0; row < n; ++row)
      for (std::size_t col = 0; col < n; ++col) largest = std::max(largest, std::abs(b.y_shunt[row][col]));
    if (largest == 0) return;
    r.shunt = static_cast<std::int32_t>(out_.coefficient.size());
    for (std::size_t row = 0; row < n; ++row)
      for (std::size_t col = 0; col < n; ++col) push(b.y_shunt[row][col] * volts(i) / amps(i));
  }

  void add_held_shunts() {
    const HeldShunts held = held_shunts(net_);
    std::int32_t* last = &out_.shape.first_held;
    for (BusId bus : held.bus) {
      BusRecord& r = out_.bus[bus.index()];
      *last = bus.value;
      last = &r.next_held;
      r.held = held_rows_;
      held_rows_ += 2 * r.num_nodes;
    }
    *last = -1;
    out_.shape.held_nodes = held_rows_ / 2;
    out_.shape.held_coefficient = static_cast<std::int32_t>(out_.coefficient.size());
    for (Complex y : held.of_voltage) push(y);
    for (Complex share : held.of_current) push(share);
  }

  void choose_charging() {
    // units on some phases move phases apart by more than simple_charging_error() reckons with
    const bool general = needs_general() || !parts_.empty() || held_rows_ > 0;  // there exact charging costs nothing
    out_.shape.exact_charging = general || simple_charging_error(net_, series_) > kSimpleCharging<Real> ? 1 : 0;
    out_.shape.general = out_.shape.exact_charging;
    const bool anticipated = out_.shape.general && constant_power_drop(net_) > kAnticipated && !loosely_grounded(net_);
    out_.shape.anticipation = anticipated ? static_cast<Real>(kAnticipation) : Real(0);
  }

  //! Shunts, and where charging is exact that of lines, per unit.
  [[nodiscard]] std::vector<NodeMatrix> admittances() const {
    std::vector<NodeMatrix> all(net_.buses.size(), NodeMatrix{});
    for (std::size_t i = 0; i < net_.buses.size(); ++i) {
      const BusRecord& r = out_.bus[i];
      const auto n = static_cast<std::size_t>(r.num_nodes);
      const auto place = [&](std::size_t k) { return static_cast<std::size_t>(r.select[k]); };
      const bool charged = out_.shape.exact_charging && r.kind == SweepKind::line;
      for (std::size_t row = 0; row < n; ++row)
        for (std::size_t col = 0; col < n; ++col) {
          const Complex y = charged ? bus(i).branch.y_line[row][col] * volts(i) / amps(i) : Complex(0);
          all[i][row][col] += (r.held < 0 ? bus(i).y_shunt[row][col] * volts(i) / amps(i) : Complex(0)) + y;
          if (charged) all[bus(i).parent.index()][place(row)][place(col)] += y;
        }
    }
    return all;
  }

  void add_admittances() {
    const std::vector<NodeMatrix> all = admittances();
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i] == NodeMatrix{}) continue;
      out_.bus[i].admittance = static_cast<std::int32_t>(out_.coefficient.size());
      const auto n = static_cast<std::size_t>(out_.bus[i].num_nodes);
      for (std::size_t row = 0; row < n; ++row)
        for (std::size_t col = 0; col < n; ++col) push(all[i][row][col]);
    }
  }

  void choose_swept() {
    out_.shape.num_nodes = num_nodes_;
    std::vector<std::int32_t> parent;
    for (const Bus& b : net_.buses) parent.push_back(b.parent.value);
    if (!series_.empty()) parent = add_series(net_, series_, out_);
    connect_children(series_.empty() ? out_.bus : out_.swept, parent);
  }

  //! Rows where currents of children that are not chained meet; the last child in order is the first to write.
  void connect_children(std::vector<BusRecord>& records, const std::vector<std::int32_t>& parent_of) {
    for (std::size_t i = records.size(); i-- > 1;) {
      BusRecord& r = records[i];
      if (r.chained) continue;
      BusRecord& parent = records[static_cast<std::size_t>(parent_of[i])];
      if (parent.side < 0) {
        parent.side = side_rows_;
        side_rows_ += 2 * parent.num_nodes;
        r.side_first = 1;
      }
      r.parent_side = parent.side;
    }
  }

  //! Monitors, recloser buses, and (only where a DER stands) every bus that may have one.
  void mark_monitors() {
    std::set<BusId> always(options_.monitors.buses.begin(), options_.monitors.buses.end());
    for (const Recloser& r : net_.reclosers) always.insert(r.bus);
    for (std::size_t i = 0; i < net_.buses.size(); ++i) {
      BusRecord& r = out_.bus[i];
      r.always_monitored = keep_ == Keep::base_case || always.count(BusId(i)) ? 1 : 0;
      if (bus(i).inner || (!r.always_monitored && r.der < 0 && r.parts == 0)) continue;
      r.monitor = static_cast<std::int32_t>(out_.monitor_bus.size());
      out_.monitor_bus.push_back(BusId(i));
    }
  }

  void add_loads() {
    auto load = net_.loads.begin();
    for (std::size_t i = 0; i < net_.buses.size(); ++i) {
      BusRecord& r = out_.bus[i];
      r.injection = static_cast<std::int32_t>(out_.injection.size());
      next_.fill(out_.injection.size());
      for (; load != net_.loads.end() && load->bus.index() == i; ++load)
        for (const InjectionRecord<Real>& one : load_records<Real>(bus(i), *load, out_.coefficient)) add_share(one);
      r.injections = static_cast<std::int32_t>(out_.injection.size()) - r.injection;
    }
  }

  //! Joins a record that follows the same rules and has no share of the node yet, after the node's last one: a node's
  //! currents add up in the order of its loads.
  void add_share(const InjectionRecord<Real>& one) {
    const auto node = static_cast<std::size_t>(one.from);
    std::size_t& at = next_[node];
    while (at < out_.injection.size() && !follow_alike(out_.injection[at], one)) ++at;
    if (at == out_.injection.size()) {
      out_.injection.push_back(one);
    } else {
      out_.injection[at].p[node] = one.p[node];
      out_.injection[at].q[node] = one.q[node];
    }
    ++at;
  }

  void add_regulators() {
    for (std::size_t i = 0; i < net_.buses.size(); ++i) {
      BusRecord& r = out_.bus[i];
      const auto first = static_cast<std::int32_t>(out_.regulator.size());
      const auto terms = static_cast<std::int32_t>(terms_of(bus(i)).size());
      if (terms > 0) {
        r.tap = first, r.taps = terms;
        for (int k = 0; k < terms; ++k)
          out_.regulator.push_back(regulator_record<Real>(net_, i, k, first_node_).value());
        continue;
      }
      const int most = r.kind == SweepKind::regulator ? r.num_nodes : 1;
      for (int n = 0; n < most && r.kind != SweepKind::line; ++n) {
        const auto record = regulator_record<Real>(net_, i, n, first_node_);
        if (record) out_.regulator.push_back(*record), r.regulator = first;
        else if (r.kind == SweepKind::regulator)
          fail_input("phase {} of the regulator bank at bus '{}' has no control (not representable)", n + 1,
                     bus(i).name);
      }
    }
  }

  //! In the order of their buses, as capacitors are.
  void add_capacitors() {
    for (const CapacitorControl& control : net_.capacitor_controls) {
      BusRecord& r = out_.bus[net_.capacitors[static_cast<std::size_t>(control.capacitor)].bus.index()];
      if (r.capacitors++ == 0) r.capacitor = static_cast<std::int32_t>(out_.capacitor.size());
      out_.capacitor.push_back(capacitor_record<Real>(net_, control, first_node_, out_.coefficient));
      for (std::int32_t* shunt : {&r.shunt, &r.admittance}) {
        if (*shunt >= 0) continue;
        *shunt = static_cast<std::int32_t>(out_.coefficient.size());  // of a fixed shunt that is none
        for (int k = 0; k < r.num_nodes * r.num_nodes; ++k) push(0);
      }
    }
  }

  void add_voltages() {
    const auto add = [](std::vector<Real>& to, Complex v) {
      to.push_back(static_cast<Real>(v.real()));
      to.push_back(static_cast<Real>(v.imag()));
    };
    for (std::size_t i = 0; i < net_.buses.size(); ++i)
      for (std::size_t n = 0; n < static_cast<std::size_t>(bus(i).num_nodes); ++n)
        add(out_.initial_voltage, bus(i).v_initial[n] / volts(i));
  }

  void finish() {
    const double codes = static_cast<double>(net_.num_steps()) * num_nodes_;
    if (sizeof(Real) == 4 && codes >= 16777216.0)
      fail_input("feeder '{}' has {} nodes x {} steps (more than float can number); use precision = \"double\"",
                 net_.name, num_nodes_, net_.num_steps());
    count_records();
    plan_rows();
    set_tolerances();
  }

  void count_records() {
    FeederView<Real>& s = out_.shape;
    s.num_buses = static_cast<std::int32_t>(out_.bus.size());
    s.num_swept = static_cast<std::int32_t>(series_.empty() ? out_.bus.size() : out_.swept.size());
    s.num_series = static_cast<std::int32_t>(series_.size());
    s.num_regulators = static_cast<std::int32_t>(out_.regulator.size());
    s.num_capacitors = static_cast<std::int32_t>(out_.capacitor.size());
    s.num_reclosers = static_cast<std::int32_t>(out_.recloser.size());
    s.num_monitors = static_cast<std::int32_t>(out_.monitor_bus.size());
    s.num_rated = static_cast<std::int32_t>(out_.rating.size());
    s.num_steps = static_cast<std::int32_t>(out_.step.size());
    s.num_days = static_cast<std::int32_t>(net_.days.size());
    s.by_place = keep_ == Keep::extremes ? 0 : 1;
    for (const BusRecord& b : out_.bus) s.num_low_voltage += b.low_voltage;
    s.num_three_phase = static_cast<std::int32_t>(out_.three_phase.size());
    s.num_power_meters = static_cast<std::int32_t>(out_.power_meter.size());
    for (const RegulatorRecord<Real>& r : out_.regulator)
      if (r.back.mode != ReverseMode::none) s.reversible = 1;
    s.unit = unit_record<Real>();
  }

  void plan_rows() {
    FeederView<Real>& s = out_.shape;
    s.plan = plan_workspace({.lines = num_lines_ + s.num_series,
                             .ders = num_ders_,
                             .parts = parts_.total(),
                             .nodes = num_nodes_,
                             .series_rows = s.num_series_rows,
                             .side_rows = side_rows_,
                             .monitors = s.num_monitors,
                             .regulators = s.num_regulators,
                             .capacitors = s.num_capacitors,
                             .areas = s.num_reclosers + 1,
                             .rated = s.num_rated,
                             .days = s.num_days,
                             .places = s.by_place ? num_nodes_ : 0,
                             .low_voltage = s.num_low_voltage > 0,
                             .three_phase = s.num_three_phase,
                             .power_meters = s.num_power_meters,
                             .held_rows = held_rows_,
                             .reversible = s.reversible != 0});
  }

  void set_tolerances() {
    FeederView<Real>& s = out_.shape;
    s.tolerance = static_cast<Real>(kTolerance<Real>);
    s.last_step = s.anticipation > Real(0) ? 3 * s.tolerance : Real(1e30);  // a contraction of 0.25 at best
    s.stagnation = static_cast<Real>(kStagnation<Real>);
    s.patience = kPatience;
    s.max_sweeps = kMaxSweeps;
    s.ahead_sweeps = kAheadSweeps;
    s.least_share = static_cast<Real>(kLeastShare);
    s.max_control_rounds = net_.max_control_iterations;
    s.step_s = static_cast<Real>(net_.step_s);
  }

  [[nodiscard]] bool needs_general() const {
    const auto special = [](const BusRecord& b) {
      return b.kind == SweepKind::two_port || b.num_nodes > kPhases || b.floating || b.neutrals != 0;
    };
    const auto unusual = [](const InjectionRecord<Real>& r) {
      return r.connection != Connection::ground || r.law == InjectionLaw::impedance ||
             r.law == InjectionLaw::polynomial;
    };
    return std::any_of(out_.bus.begin(), out_.bus.end(), special) ||
           std::any_of(out_.injection.begin(), out_.injection.end(), unusual);
  }

  const Network& net_;
  const EvaluatorOptions& options_;
  Keep keep_;
  CompiledFeeder<Real> out_;
  std::vector<std::int32_t> first_node_;
  PartRows parts_;
  RatingRows<Real> ratings_;
  std::vector<Series> series_;
  std::set<BusId> sites_;
  std::array<std::size_t, kMaxNodes> next_{};  //!< first record of the bus that may take a further share of the node
  std::int32_t num_nodes_ = 0, num_lines_ = 0, num_ders_ = 0, side_rows_ = 0, held_rows_ = 0;
};

}  // namespace

template <class Real>
FeederView<Real> CompiledFeeder<Real>::view() const {
  FeederView<Real> v = shape;
  v.bus = bus.data();
  v.swept = swept.empty() ? bus.data() : swept.data();
  v.series = series.data();
  v.member = member.data();
  v.coefficient = coefficient.data();
  v.injection = injection.data();
  v.regulator = regulator.data();
  v.capacitor = capacitor.data();
  v.rating = rating.data();
  v.recloser = recloser.data();
  v.three_phase = three_phase.data();
  v.power_meter = power_meter.data();
  v.step = step.data();
  v.level = level.data();
  v.source = source.data();
  v.initial_voltage = initial_voltage.data();
  return v;
}

template <class Real>
CompiledFeeder<Real> compile_feeder(const Network& network, const EvaluatorOptions& options, Keep keep) {
  return Compiler<Real>(network, options, keep).run();
}

template struct CompiledFeeder<float>;
template struct CompiledFeeder<double>;
template CompiledFeeder<float> compile_feeder<float>(const Network&, const EvaluatorOptions&, Keep);
template CompiledFeeder<double> compile_feeder<double>(const Network&, const EvaluatorOptions&, Keep);

}  // namespace gridqueue

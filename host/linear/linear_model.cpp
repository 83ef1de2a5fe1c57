#include "host/linear/linear_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>

#include "host/linear/row_builder.hpp"

namespace gridqueue {
namespace {

//! Three values over the levels.
struct Levels {
  double at[num_levels];
};

template <class Real>
class ModelBuilder {
 public:
  ModelBuilder(const Network& net, const CompiledFeeder<double>& feeder, const LinearPlan& plan,
               std::vector<double> ratio, double factor, const std::vector<BusId>& upgraded,
               const BasePoint& base, const std::vector<Eigen::MatrixXd>& responses)
      : net_(net), feeder_(feeder), plan_(plan), ratio_(std::move(ratio)), base_(base.voltage),
        rows_(net, feeder, plan, ratio_, factor, upgraded, base_[level_middle]),
        half_(plan.levels[level_high] - plan.levels[level_middle]), columns_(kUnitColumns * static_cast<int>(plan.units.size())),
        phase_columns_(kPhaseColumns * static_cast<int>(plan.units.size())),
        taps_(kTapColumns * static_cast<int>(net.regulators.size())) {
    response_[level_low] = responses[0];
    response_[level_high] = responses[1];
    response_[level_middle] = 0.5 * (responses[0] + responses[1]);
    const Eigen::MatrixXd direct = rows_.feedthrough();
    for (Eigen::MatrixXd& r : response_) r.rightCols(taps_) += direct;
    const RealSparse c = rows_.rows();
    for (int level = 0; level < num_levels; ++level) {
      Eigen::VectorXd v(2 * static_cast<Eigen::Index>(base_[0].size()));
      for (std::size_t n = 0; n < base_[0].size(); ++n) {
        v[2 * static_cast<Eigen::Index>(n)] = base_[static_cast<std::size_t>(level)][n].real();
        v[2 * static_cast<Eigen::Index>(n) + 1] = base_[static_cast<std::size_t>(level)][n].imag();
      }
      value_[level] = c * v;
    }
  }

  LinearModel<Real> run() {
    add_units();
    add_responses();
    add_regulators();
    add_nodes();
    choose_low_nodes();
    add_deviations();
    add_branches();
    add_flows();
    add_monitors();
    add_between();
    add_fixed();
    add_runs();
    finish();
    return std::move(out_);
  }

 private:
  static Real real(double x) { return static_cast<Real>(x); }
  LoadCurve<Real> curve(const Levels& y) const {
    return {real(y.at[level_middle]), real((y.at[level_high] - y.at[level_low]) / (2 * half_)),
            real((0.5 * (y.at[level_high] + y.at[level_low]) - y.at[level_middle]) / (half_ * half_))};
  }
  template <class F>
  LoadCurve<Real> curve_of(const F& f) const { return curve({{f(level_low), f(level_middle), f(level_high)}}); }
  [[nodiscard]] double magnitude(int level, int node) const {
    return std::abs(base_[static_cast<std::size_t>(level)][static_cast<std::size_t>(node)]);
  }
  [[nodiscard]] Complex row_value(int level, int row) const { return {value_[level][row], value_[level][row + 1]}; }

  void add_units() {
    for (BusId b : plan_.units) {
      out_.der.push_back(feeder_.der_row[b.index()]);
      out_.unit_node.push_back(3 * plan_.path_index[b.index()]);
      out_.unit_zone.push_back(zone(b));
      for (int k = 0; k < 3; ++k)
        out_.reference.push_back(real(std::norm(base_[level_middle][static_cast<std::size_t>(feeder_.bus[b.index()].node + k)])));
    }
  }

  //! 1: behind a regulator.
  [[nodiscard]] int zone(BusId bus) const {
    for (BusId b = bus; b.valid(); b = net_.buses[b.index()].parent)
      if (net_.buses[b.index()].branch.kind == BranchKind::regulator) return 1;
    return 0;
  }

  //! Response to the same current in all phases of a unit.
  [[nodiscard]] double phase_sum(int level, int row, int column) const {
    const int first = kPhaseColumns * (column / kUnitColumns) + column % kUnitColumns;
    return response_[level](row, first) + response_[level](row, first + 2) + response_[level](row, first + 4);
  }

  void add_responses() {
    for (int level = 0; level < num_levels; ++level) {
      for (int row = 0; row < plan_.rows; row += kRowBlock)
        for (int c = 0; c < columns_; ++c)
          for (int k = 0; k < kRowBlock; ++k) out_.response.push_back(real(phase_sum(level, row + k, c)));
      for (int c = 0; c < phase_columns_ && taps_ > 0; ++c)
        for (int k = 0; k < kRowBlock; ++k) out_.phase_response.push_back(real(response_[level](plan_.controlled_row + k, c)));
      for (int row = 0; row < plan_.rows; ++row) out_.base.push_back(real(value_[level][row]));
    }
    for (int row = 0; row < plan_.rows; row += kRowBlock)
      for (int c = 0; c < taps_; ++c)
        for (int k = 0; k < kRowBlock; ++k) out_.tap_response.push_back(real(response_[level_middle](row + k, phase_columns_ + c)));
  }

  //! How phases of a bus differ: in their own currents' effect, and in turning.
  void add_deviations() {
    const int nodes = static_cast<int>(out_.node.size()), padded = plan_.tau_row - plan_.node_row;
    const auto block = [&](int columns, std::vector<Real>& to, const auto& value) {
      for (int first = 0; first < padded; first += kRowBlock)
        for (int c = 0; c < columns; ++c)
          for (int n = first; n < first + kRowBlock; ++n) to.push_back(n < nodes ? real(value(n, c)) : Real(0));
    };
    block(phase_columns_, out_.node_phase_response, [&](int n, int c) { return response_[level_middle](plan_.node_row + n, c); });
    block(columns_, out_.turn_response, [&](int n, int c) {
      return phase_sum(level_middle, plan_.turn_row + n, c) - phase_sum(level_middle, plan_.tau_row + n / 3, c);
    });
    for (int level = 0; level < num_levels; ++level)
      for (int n = 0; n < nodes + kRowBlock; ++n)
        out_.turn_base.push_back(n < nodes ? real(value_[level][plan_.turn_row + n] - value_[level][plan_.tau_row + n / 3]) : Real(0));
  }

  //! Tap columns of a unit change of ratio r: e = V_p + 2 t z J, i = J.
  [[nodiscard]] Eigen::VectorXd tap_direction(int level, std::size_t r) const {
    const int row = plan_.regulator_row + kRegulatorRows * static_cast<int>(r);
    const Complex j = row_value(level, row + 2);
    const Complex e = row_value(level, row) + 2 * ratio_[r] * impedance(r) * j;
    Eigen::VectorXd x = Eigen::VectorXd::Zero(taps_);
    x.segment(kTapColumns * static_cast<int>(r), kTapColumns) << e.real(), e.imag(), j.real(), j.imag();
    return x;
  }
  [[nodiscard]] Complex impedance(std::size_t r) const {
    const auto at = static_cast<std::size_t>(feeder_.bus[net_.regulators[r].bus.index()].coefficient + 2 * net_.regulators[r].node);
    return {feeder_.coefficient[at], feeder_.coefficient[at + 1]};
  }
  [[nodiscard]] double row_slope(int level, int row, std::size_t r) const {
    return response_[level].row(row).tail(taps_).dot(tap_direction(level, r));
  }
  template <class F>
  TapSlope<Real> slope_of(const F& f) const {
    return {real(f(level_middle)), real((f(level_high) - f(level_low)) / (2 * half_))};
  }
  TapSlope<Real> tap_slope(int row, std::size_t r) const {
    return slope_of([&](int level) { return row_slope(level, row, r); });
  }

  void add_regulators() {
    const std::size_t count = net_.regulators.size();
    for (std::size_t r = 0; r < count; ++r) {
      const int row = plan_.controlled_row + kControlledRows * static_cast<int>(r);
      out_.controlled.push_back(curve_of([&](int level) { return std::abs(row_value(level, row)); }));
      for (std::size_t q = 0; q < count; ++q)
        out_.coupling.push_back(slope_of([&](int level) {
          return row_slope(level, row, q) - (q == r ? std::abs(row_value(level, row)) / ratio_[r] : 0);
        }));
      out_.ratio.push_back(real(ratio_[r]));
      out_.z.push_back(real(impedance(r).real()));
      out_.z.push_back(real(impedance(r).imag()));
    }
  }

  void add_nodes() {
    for (std::size_t b = 0; b < plan_.path.size(); ++b)
      for (int k = 0; k < 3; ++k) {
        const int n = feeder_.bus[plan_.path[b].index()].node + k;
        LinearNode<Real> node;
        node.base = curve_of([&](int level) { return magnitude(level, n); });
        node.low_node = node.high_node = n;
        for (int hanging : hanging_nodes(plan_.path[b], k)) {
          if (magnitude(level_high, hanging) < magnitude(level_high, node.low_node)) node.low_node = hanging;
          if (magnitude(level_low, hanging) > magnitude(level_low, node.high_node)) node.high_node = hanging;
        }
        node.low = curve_of([&](int level) { return magnitude(level, node.low_node) - magnitude(level, n); });
        node.high = curve_of([&](int level) { return magnitude(level, node.high_node) - magnitude(level, n); });
        for (std::size_t r = 0; r < kBank; ++r)
          node.taps[r] = r < net_.regulators.size() ? tap_slope(plan_.node_row + static_cast<int>(3 * b) + k, r) : TapSlope<Real>{0, 0};
        out_.node.push_back(node);
      }
  }

  //! The nodes lowest at the highest load, one ahead of and one behind the regulators.
  void choose_low_nodes() {
    for (std::int32_t& n : out_.shape.low_node) n = -1;
    const auto lowest = [&](std::size_t n) { return magnitude(level_high, out_.node[n].low_node); };
    for (std::size_t n = 0; n < out_.node.size(); ++n) {
      std::int32_t& best = out_.shape.low_node[zone(plan_.path[n / 3])];
      if (best < 0 || lowest(n) < lowest(static_cast<std::size_t>(best))) best = static_cast<std::int32_t>(n);
    }
  }

  //! Nodes of phase k + 1 off the way that hang on a bus.
  [[nodiscard]] std::vector<int> hanging_nodes(BusId bus, int k) const {
    std::vector<int> nodes;
    for (std::size_t i = 0; i < net_.buses.size(); ++i)
      for (int n = 0; n < net_.buses[i].num_nodes; ++n)
        if (plan_.attach[i] == bus && BusId(i) != bus && net_.buses[i].phase[static_cast<std::size_t>(n)] == k + 1)
          nodes.push_back(feeder_.bus[i].node + n);
    return nodes;
  }

  void add_branches() {
    for (std::size_t b = 0; b < plan_.branches.size(); ++b) {
      add_members(plan_.branches[b]);
      for (int k = 0; k < 6; ++k) {
        const int row = plan_.current_row + 6 * static_cast<int>(b) + k;
        out_.current.push_back({curve_of([&](int level) { return value_[level][row]; }),
                                taps_ > 0 ? tap_slope(row, static_cast<std::size_t>(k / 2)) : TapSlope<Real>{0, 0}});
      }
    }
    for (int k = 0; k < 3; ++k) {
      out_.turn.push_back(real(phase_turn(k).real()));
      out_.turn.push_back(real(phase_turn(k).imag()));
    }
  }

  //! The rows are those of the first of `lines`; the others' loadings are in a fixed proportion to it.
  void add_members(const std::vector<BusId>& lines) {
    std::vector<LinearMember<Real>> members;
    const double rows = rows_.loading_per_ampere(lines.front());
    double alarm = 1e30;
    for (BusId line : lines) {
      const std::int32_t rated = feeder_.bus[line.index()].rated;
      const RatingRecord<double>& rating = feeder_.rating[static_cast<std::size_t>(rated)];
      const double share = std::pow(rows_.loading_per_ampere(line) / rows, 2);
      const double normal = rating.inverse_emergency2 / rating.inverse_normal2;
      alarm = std::min(alarm, normal / share);
      members.push_back({rated, line.value, real(share), real(normal)});
    }
    std::stable_sort(members.begin(), members.end(), [](const auto& a, const auto& c) { return a.share > c.share; });
    out_.branch.push_back({static_cast<std::int32_t>(out_.member.size()), static_cast<std::int32_t>(members.size()), real(alarm)});
    out_.member.insert(out_.member.end(), members.begin(), members.end());
  }

  void add_flows() {
    for (std::size_t i = 0; i < net_.reclosers.size(); ++i) {
      const int row = plan_.flow_row + kRecloserRows * static_cast<int>(i);
      const auto power = [&](int level) {
        Complex s = 0;
        for (int k = 0; k < 3; ++k) s -= row_value(level, row + 2 * k) * std::conj(row_value(level, row + 6 + 2 * k));
        return s * (kBaseVa / 1e3);
      };
      out_.flow.push_back(curve_of([&](int level) { return power(level).real(); }));
      out_.flow.push_back(curve_of([&](int level) { return power(level).imag(); }));
      for (int part = 0; part < 2; ++part)
        out_.flow_taps.push_back(slope_of([&](int level) {
          Complex s = 0;
          for (std::size_t r = 0; r < net_.regulators.size(); ++r) s += power_slope(level, row, r);
          return part == 0 ? s.real() : s.imag();
        }));
    }
  }

  //! d(power through a recloser) / d(ratio r) [kW, kvar].
  [[nodiscard]] Complex power_slope(int level, int row, std::size_t r) const {
    const auto slope = [&](int at) { return Complex(row_slope(level, at, r), row_slope(level, at + 1, r)); };
    Complex s = 0;
    for (int k = 0; k < 3; ++k)
      s -= slope(row + 2 * k) * std::conj(row_value(level, row + 6 + 2 * k)) + row_value(level, row + 2 * k) * std::conj(slope(row + 6 + 2 * k));
    return s * (kBaseVa / 1e3);
  }

  void add_monitors() {
    std::map<std::tuple<std::int32_t, std::int32_t, std::array<double, 3>>, std::vector<LinearMonitor<Real>>> by_mean;
    for (std::size_t k = 0; k < feeder_.monitor_bus.size(); ++k) {
      const BusId bus = feeder_.monitor_bus[k];
      const BusRecord& record = feeder_.bus[bus.index()];
      const BusId attach = plan_.attach[bus.index()];
      if (plan_.path_index[attach.index()] < 0) continue;  // between two kept buses
      const int n = record.num_nodes, at = feeder_.bus[attach.index()].node;
      std::array<double, 3> weight{};
      for (int i = 0; i < n; ++i) weight[static_cast<std::size_t>(phase(bus, i))] = 1.0 / n;
      const auto offset = [&](int level) {
        double sum = 0;
        for (int i = 0; i < n; ++i) sum += magnitude(level, record.node + i) - magnitude(level, at + phase(bus, i));
        return sum / n;
      };
      const std::int32_t der = record.always_monitored ? -1 : record.der;
      by_mean[{3 * plan_.path_index[attach.index()], der, weight}].push_back(
          {static_cast<std::int32_t>(k), bus.value, der, real((offset(level_high) - offset(level_low)) / (2 * half_))});
    }
    for (const auto& [key, monitors] : by_mean) {
      const auto& [first, der, weight] = key;
      out_.mean.push_back({first, {real(weight[0]), real(weight[1]), real(weight[2])},
                           static_cast<std::int32_t>(out_.monitor.size()), static_cast<std::int32_t>(monitors.size())});
      out_.monitor.insert(out_.monitor.end(), monitors.begin(), monitors.end());
    }
  }
  void add_between() {
    const auto ohms = [&](BusId from, BusId to) {  // from below up to `to`
      double sum = 0;
      for (BusId b = from; b != to; b = net_.buses[b.index()].parent) sum += rows_.impedance(b).norm();
      return sum;
    };
    for (const LinearPlan::Between& e : plan_.between) {
      const auto row = [&](BusId b) { return feeder_.bus[b.index()].monitor; };
      out_.between.push_back({row(e.bus), row(e.upper), row(e.lower), real(ohms(e.bus, e.upper) / ohms(e.lower, e.upper))});
    }
  }

  void add_runs() {
    const std::size_t bank = net_.regulators.size(), flows = out_.flow.size();
    for (const StepRecord<double>& step : feeder_.step) {
      const double dl = step.load - plan_.levels[level_middle];
      LinearRun<Real> run{real(step.pv), real(dl), real(step.pv * dl), real(step.pv * step.pv), {}, {}};
      for (std::size_t r = 0; r < bank; ++r) {
        run.controlled[r] = at_load(out_.controlled[r], real(dl));
        for (std::size_t q = 0; q < bank; ++q) run.coupling[r][q] = at_load(out_.coupling[r * bank + q], real(dl));
      }
      out_.run.push_back(run);
      for (std::size_t i = 0; i < flows; ++i)
        out_.run_flow.push_back({at_load(out_.flow[i], real(dl)), at_load(out_.flow_taps[i], real(dl))});
    }
  }

  [[nodiscard]] int phase(BusId bus, int node) const {
    return net_.buses[bus.index()].phase[static_cast<std::size_t>(node)] - 1;
  }

  //! Rated branches off the way carry the base day's currents.
  void add_fixed() {
    double largest = 0, code = 0;
    for (std::size_t r = 0; r < feeder_.rated_bus.size(); ++r) {
      const BusId bus = feeder_.rated_bus[r];
      if (plan_.attach[bus.index()] == bus) continue;
      const LoadCurve<double> loading = loading_curve(bus);
      const double normal = feeder_.rating[r].inverse_emergency2 / feeder_.rating[r].inverse_normal2;
      FixedBranch<Real> fixed{static_cast<std::int32_t>(r), 0, 0};
      for (const StepRecord<double>& step : feeder_.step) {
        const double x = std::pow(at_load(loading, step.load - plan_.levels[level_middle]), 2);
        if (x > largest) largest = x, code = static_cast<double>(step.step) * static_cast<double>(net_.buses.size()) + bus.value;
        if (x <= normal) continue;
        fixed.hours += real(step.weight);
        fixed.overload = std::max(fixed.overload, real(x));
      }
      if (fixed.hours > 0) out_.fixed_branch.push_back(fixed);
    }
    out_.shape.fixed_emergency = real(largest);
    out_.shape.fixed_emergency_code = real(code);
  }
  [[nodiscard]] LoadCurve<double> loading_curve(BusId bus) const {
    Levels y{};
    for (int level = 0; level < num_levels; ++level)
      y.at[level] = rows_.loading(bus, base_[static_cast<std::size_t>(level)]).cwiseAbs().maxCoeff();
    return {y.at[level_middle], (y.at[level_high] - y.at[level_low]) / (2 * half_),
            (0.5 * (y.at[level_high] + y.at[level_low]) - y.at[level_middle]) / (half_ * half_)};
  }

  void finish() {
    out_.corner = plan_.corners;
    out_.pair = plan_.pairs;
    LinearView<Real>& s = out_.shape;
    const auto size = [](const auto& v) { return static_cast<std::int32_t>(v.size()); };
    s.units = size(plan_.units), s.regulators = size(net_.regulators), s.nodes = size(out_.node);
    s.branches = size(out_.branch), s.flows = size(net_.reclosers), s.means = size(out_.mean);
    s.between = size(out_.between), s.fixed = size(out_.fixed_branch), s.columns = columns_;
    s.unit_row = plan_.unit_row, s.regulator_row = plan_.regulator_row, s.controlled_row = plan_.controlled_row, s.node_row = plan_.node_row;
    s.tau_row = plan_.tau_row, s.branch_row = plan_.branch_row, s.flow_row = plan_.flow_row, s.rows = plan_.rows;
    s.pairs = size(plan_.pairs), s.steady_pairs = plan_.steady_pairs;
    s.corners = size(plan_.corners), s.extremes = plan_.extremes;
    for (int level = 0; level < num_levels; ++level) s.level[level] = real(plan_.levels[static_cast<std::size_t>(level)]);
    s.half = real(half_);
    s.moved = real(net_.regulators.empty() ? 1 : kMovedTaps * net_.regulators.front().tap_step);
  }

  const Network& net_;
  const CompiledFeeder<double>& feeder_;
  const LinearPlan& plan_;
  const std::vector<double> ratio_;
  const std::vector<std::vector<Complex>>& base_;
  RowBuilder rows_;
  double half_;
  int columns_, phase_columns_, taps_;
  Eigen::MatrixXd response_[num_levels];
  Eigen::VectorXd value_[num_levels];
  LinearModel<Real> out_;
};

}  // namespace

template <class Real>
LinearModel<Real> LinearAssembler::model(const std::vector<BusId>& upgraded, const BasePoint& base,
                                         const std::vector<Eigen::MatrixXd>& responses) const {
  return ModelBuilder<Real>(net_, feeder_, plan_, ratios(base), factor_, upgraded, base, responses).run();
}
template LinearModel<float> LinearAssembler::model(const std::vector<BusId>&, const BasePoint&,
                                                   const std::vector<Eigen::MatrixXd>&) const;
template LinearModel<double> LinearAssembler::model(const std::vector<BusId>&, const BasePoint&,
                                                    const std::vector<Eigen::MatrixXd>&) const;

template <class Real>
LinearView<Real> LinearModel<Real>::view() const {
  LinearView<Real> v = shape;
  v.der = der.data(), v.unit_node = unit_node.data(), v.unit_zone = unit_zone.data();
  v.reference = reference.data(), v.response = response.data(), v.phase_response = phase_response.data(),
  v.node_phase_response = node_phase_response.data(), v.turn_response = turn_response.data(),
  v.turn_base = turn_base.data(), v.tap_response = tap_response.data();
  v.base = base.data(), v.node = node.data(), v.controlled = controlled.data(), v.coupling = coupling.data();
  v.ratio = ratio.data(), v.z = z.data(), v.branch = branch.data(), v.member = member.data();
  v.current = current.data(), v.turn = turn.data(), v.flow = flow.data(), v.flow_taps = flow_taps.data(), v.run = run.data();
  v.run_flow = run_flow.data(), v.mean = mean.data(), v.monitor = monitor.data(), v.between_monitor = between.data();
  v.fixed_branch = fixed_branch.data(), v.pair = pair.data(), v.corner = corner.data();
  return v;
}
template struct LinearModel<float>;
template struct LinearModel<double>;

}  // namespace gridqueue

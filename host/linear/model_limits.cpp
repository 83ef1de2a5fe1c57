// Branch currents, flows and monitors of a linearized model, and the branches that do not move.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>

#include "host/linear/model_source.hpp"

namespace gridqueue {
namespace {

template <class Real>
class LimitFiller {
 public:
  LimitFiller(const ModelSource& from, LinearModel<Real>& to)
      : from_(from), net_(from.net), feeder_(from.feeder), runs_(run_levels(from.feeder)), plan_(from.plan), out_(to) {}

  void run() {
    add_branches();
    add_flows();
    add_monitors();
    add_between();
    add_fixed();
  }

 private:
  static Real real(double x) { return static_cast<Real>(x); }

  void add_branches() {
    for (std::size_t b = 0; b < plan_.branches.size(); ++b) {
      add_members(plan_.branches[b]);
      for (int k = 0; k < 6; ++k) {
        const int row = plan_.current_row + 6 * static_cast<int>(b) + k;
        const auto base = from_.curve_of([&](int level) { return from_.value(level, row); });
        const auto taps =
            from_.taps > 0 ? from_.tap_slope(row, static_cast<std::size_t>(k / 2)) : TapSlope<double>{0, 0};
        out_.current.push_back({rounded<Real>(base), rounded<Real>(taps)});
      }
      bound_currents(out_.current.data() + 6 * b, out_.branch.back());
      turn_back(out_.current.data() + 6 * b, out_.branch.back());
    }
    for (int k = 0; k < 3; ++k) {
      out_.turn.push_back(real(phase_turn(k).real()));
      out_.turn.push_back(real(phase_turn(k).imag()));
    }
  }

  //! The rows are those of the first of `lines`; the others' loadings are in a fixed proportion to it.
  void add_members(const std::vector<BusId>& lines) {
    std::vector<LinearMember<Real>> members;
    const double rows = from_.rows.loading_per_ampere(lines.front());
    double alarm = 1e30;
    for (BusId line : lines) {
      const std::int32_t rated = feeder_.bus[line.index()].rated;
      const RatingRecord<double>& rating = feeder_.rating[static_cast<std::size_t>(rated)];
      const double share = std::pow(from_.rows.loading_per_ampere(line) / rows, 2);
      const double normal = rating.inverse_emergency2 / rating.inverse_normal2;
      const double watch = rating.inverse_emergency2 / rating.inverse_watch2;
      alarm = std::min(alarm, watch / share);
      members.push_back({rated, line.value, real(share), real(normal), real(watch)});
    }
    std::stable_sort(members.begin(), members.end(), [](const auto& a, const auto& c) { return a.share > c.share; });
    out_.branch.push_back({static_cast<std::int32_t>(out_.member.size()),
                           static_cast<std::int32_t>(members.size()),
                           0,
                           0,
                           {},
                           real(alarm)});
    out_.member.insert(out_.member.end(), members.begin(), members.end());
  }

  //! Of a branch's six components, over the corners.
  void bound_currents(const LinearCurrent<Real>* current, LinearBranch<Real>& branch) const {
    for (std::int32_t k : plan_.corners) {
      const Real dl = real(runs_[static_cast<std::size_t>(k)].load - plan_.levels[level_middle]);
      for (int n = 0; n < 6; n += 2) {
        branch.base = std::max(branch.base, std::hypot(at_load(current[n].base, dl), at_load(current[n + 1].base, dl)));
        branch.taps = std::max(branch.taps, std::hypot(at_load(current[n].taps, dl), at_load(current[n + 1].taps, dl)));
      }
    }
  }

  //! A phase's taps to the positive sequence: a third of the phase, turned back.
  static void turn_back(const LinearCurrent<Real>* current, LinearBranch<Real>& branch) {
    for (int r = 0; r < kBank; ++r) {
      const Complex taps = std::conj(phase_turn(r)) * Complex(current[2 * r].taps.c0, current[2 * r + 1].taps.c0) / 3.0;
      branch.sequence_taps[0][r] = real(taps.real());
      branch.sequence_taps[1][r] = real(taps.imag());
    }
  }

  void add_flows() {
    const std::size_t areas = net_.reclosers.size() + 1;
    for (std::size_t area = 0; area < areas; ++area)
      for (const bool active : {true, false}) {
        const auto leaving = [&](const auto& through) {
          Complex s = 0;
          for (std::size_t i = 0; i + 1 < areas; ++i) {
            if (i + 1 == area) s -= through(plan_.flow_row + kRecloserRows * static_cast<int>(i));
            else if (static_cast<std::size_t>(feeder_.recloser[i].area_above) == area)
              s += through(plan_.flow_row + kRecloserRows * static_cast<int>(i));
          }
          return active ? s.real() : s.imag();
        };
        out_.area.push_back(rounded<Real>(
            from_.curve_of([&](int level) { return leaving([&](int row) { return power(level, row); }); })));
        out_.area_taps.push_back(rounded<Real>(
            from_.slope_of([&](int level) { return leaving([&](int row) { return power_slope(level, row); }); })));
      }
  }

  //! Power through a recloser [kW, kvar], and what it gains with all ratios.
  [[nodiscard]] Complex power(int level, int row) const {
    Complex s = 0;
    for (int k = 0; k < 3; ++k) s -= from_.phasor(level, row + 2 * k) * std::conj(from_.phasor(level, row + 6 + 2 * k));
    return s * (kBaseVa / 1e3);
  }
  [[nodiscard]] Complex power_slope(int level, int row) const {
    Complex s = 0;
    for (std::size_t r = 0; r < net_.regulators.size(); ++r) s += power_slope(level, row, r);
    return s;
  }

  //! d(power through a recloser) / d(ratio r) [kW, kvar].
  [[nodiscard]] Complex power_slope(int level, int row, std::size_t r) const {
    const auto slope = [&](int at) {
      return Complex(from_.row_slope(level, at, r), from_.row_slope(level, at + 1, r));
    };
    Complex s = 0;
    for (int k = 0; k < 3; ++k)
      s -= slope(row + 2 * k) * std::conj(from_.phasor(level, row + 6 + 2 * k)) +
           from_.phasor(level, row + 2 * k) * std::conj(slope(row + 6 + 2 * k));
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
      for (int i = 0; i < n; ++i) weight[static_cast<std::size_t>(from_.phase(bus, i))] = 1.0 / n;
      const auto offset = [&](int level) {
        double sum = 0;
        for (int i = 0; i < n; ++i)
          sum += from_.magnitude(level, record.node + i) - from_.magnitude(level, at + from_.phase(bus, i));
        return sum / n;
      };
      const std::int32_t der = record.always_monitored ? -1 : record.der;
      by_mean[{3 * plan_.path_index[attach.index()], der, weight}].push_back(
          {static_cast<std::int32_t>(k), bus.value, der,
           real((offset(level_high) - offset(level_low)) / (2 * from_.half))});
    }
    for (const auto& [key, monitors] : by_mean) {
      const auto& [first, der, weight] = key;
      LinearMean<Real> mean = mean_of(first, weight);
      mean.monitor = static_cast<std::int32_t>(out_.monitor.size());
      mean.monitors = static_cast<std::int32_t>(monitors.size());
      out_.mean.push_back(mean);
      out_.monitor.insert(out_.monitor.end(), monitors.begin(), monitors.end());
    }
  }

  //! Without monitors.
  [[nodiscard]] LinearMean<Real> mean_of(std::int32_t first, const std::array<double, 3>& weight) const {
    LinearMean<Real> mean{};
    mean.first = first;
    for (std::size_t n = 0; n < 3; ++n) {
      const LinearNode<Real>& node = out_.node[static_cast<std::size_t>(first) + n];
      const Real w = mean.weight[n] = real(weight[n]);
      mean.base.c0 += w * node.base.c0, mean.base.c1 += w * node.base.c1, mean.base.c2 += w * node.base.c2;
      for (std::size_t r = 0; r < kBank; ++r) {
        mean.taps[r].c0 += w * node.taps[r].c0;
        mean.taps[r].c1 += w * node.taps[r].c1;
      }
    }
    return mean;
  }

  void add_between() {
    const auto ohms = [&](BusId from, BusId to) {  // from below up to `to`
      double sum = 0;
      for (BusId b = from; b != to; b = net_.buses[b.index()].parent) sum += from_.rows.impedance(b).norm();
      return sum;
    };
    for (const LinearPlan::Between& e : plan_.between) {
      const auto row = [&](BusId b) { return feeder_.bus[b.index()].monitor; };
      out_.between.push_back(
          {row(e.bus), row(e.upper), row(e.lower), real(ohms(e.bus, e.upper) / ohms(e.lower, e.upper))});
    }
  }

  //! Rated branches off the way carry the base day's currents.
  void add_fixed() {
    double largest = 0, code = 0;
    for (std::size_t r = 0; r < feeder_.rated_bus.size(); ++r) {
      const BusId bus = feeder_.rated_bus[r];
      if (plan_.attach[bus.index()] == bus) continue;
      const LoadCurve<double> loading = loading_curve(bus);
      const double normal = feeder_.rating[r].inverse_emergency2 / feeder_.rating[r].inverse_normal2;
      const double watch = feeder_.rating[r].inverse_emergency2 / feeder_.rating[r].inverse_watch2;
      FixedBranch<Real> fixed{static_cast<std::int32_t>(r), 0, 0};
      for (std::size_t k = 0; k < runs_.size(); ++k) {
        const StepRecord<double>& step = feeder_.step[k];
        const double x = std::pow(at_load(loading, runs_[k].load - plan_.levels[level_middle]), 2);
        if (x > largest)
          largest = x, code = static_cast<double>(step.step) * static_cast<double>(net_.buses.size()) + bus.value;
        if (x <= watch) continue;
        if (x > normal) fixed.hours += real(step.weight);
        fixed.overload = std::max(fixed.overload, real(x));
      }
      if (fixed.overload > 0) out_.fixed_branch.push_back(fixed);
    }
    out_.shape.fixed_emergency = real(largest);
    out_.shape.fixed_emergency_code = real(code);
  }

  //! Largest of the phases.
  [[nodiscard]] LoadCurve<double> loading_curve(BusId bus) const {
    Levels y{};
    for (int level = 0; level < num_levels; ++level)
      y.at[level] = from_.rows.loading(bus, from_.base[static_cast<std::size_t>(level)]).cwiseAbs().maxCoeff();
    return from_.curve(y);
  }

  const ModelSource& from_;
  const Network& net_;
  const CompiledFeeder<double>& feeder_;
  const std::vector<RunLevel> runs_;
  const LinearPlan& plan_;
  LinearModel<Real>& out_;
};

}  // namespace

template <class Real>
void fill_limits(const ModelSource& from, LinearModel<Real>& to) {
  LimitFiller<Real>(from, to).run();
}
template void fill_limits(const ModelSource&, LinearModel<float>&);
template void fill_limits(const ModelSource&, LinearModel<double>&);

}  // namespace gridqueue

// gridqueue_linear_error: differences of the linearized feeder to AC by quantity and by strength of the state, over
// random states of random queues. The table of docs/linear-model.md; the screening margins were chosen from it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cmath>

#include "bench/cases.hpp"
#include "bench/linear_probe.hpp"
#include "gridqueue/contracts.hpp"
#include "host/queue/random_queue.hpp"
#include "host/statistics/random.hpp"

namespace gridqueue::bench {
namespace {

struct Options {
  std::size_t queues = 100, states = 60;
  double kw_max = 1000;
  std::uint64_t seed = 1;
  bool dual = false;
  int threads = 1;
};

enum Column : std::size_t { c_vdiff, c_vmax, c_vmin, c_emergency, c_hours, c_p, c_q, c_controlled, num_columns };
constexpr std::array<const char*, num_columns> kColumns = {
    "voltage change [%-points]", "highest voltage [pu]", "lowest voltage [pu]", "emergency loading [%-points]",
    "normal hours [h]",          "area P [kW]",          "area Q [kvar]",       "controlled voltage, AC's taps [pu]"};

struct Sample {
  double strength;
  bool same_taps, same_limits, same_decision, near;
  std::array<double, num_columns> error;
};

double flow_error(const FlowRange& a, const FlowRange& b) {
  return std::max({std::abs(a.min - b.min), std::abs(a.max - b.max), std::abs(a.min_abs - b.min_abs)});
}

//! Of what is upgraded first: the deepest buses above the limit on voltage change that have a line to upgrade.
std::vector<BusId> first_buses(const Quantities& q, const Upgrades& upgraded) {
  const MonitorRank rank = rank_monitors(radial(), q.vdiff_buses, upgraded);
  int deepest = -1;
  for (std::size_t i = 0; i < q.vdiff_buses.size(); ++i)
    if (rank.upgradable[i]) deepest = std::max(deepest, rank.depth[i]);
  std::vector<BusId> buses;
  for (std::size_t i = 0; i < q.vdiff_buses.size(); ++i)
    if (rank.upgradable[i] && rank.depth[i] == deepest) buses.push_back(q.vdiff_buses[i]);
  std::sort(buses.begin(), buses.end());
  return buses;
}

Sample compare(const Quantities& ac, const ProbedState& linear, const Upgrades& upgraded) {
  const Quantities& q = linear.quantities;
  Sample s{linear.strength, linear.same_taps, ac.violations == q.violations, true, linear.near, {}};
  s.same_decision = s.same_limits && first_buses(ac, upgraded) == first_buses(q, upgraded);
  s.error[c_vdiff] = std::abs(ac[limit_vdiff].value - q[limit_vdiff].value);
  s.error[c_vmax] = std::abs(ac[limit_vmax].value - q[limit_vmax].value);
  s.error[c_vmin] = std::abs(ac[limit_vmin].value - q[limit_vmin].value);
  s.error[c_emergency] = std::abs(ac[limit_emergency].value - q[limit_emergency].value);
  s.error[c_hours] = std::abs(ac[limit_normal_hours].value - q[limit_normal_hours].value);
  for (std::size_t a = 0; a < ac.areas.size(); ++a) {
    s.error[c_p] = std::max(s.error[c_p], flow_error(ac.areas[a].p, q.areas[a].p));
    s.error[c_q] = std::max(s.error[c_q], flow_error(ac.areas[a].q, q.areas[a].q));
  }
  s.error[c_controlled] = linear.controlled_error;
  return s;
}

//! 8 to 30 units, none to four of their ways to the source upgraded, each unit in with a probability that grows.
struct Draw {
  Upgrades upgraded;
  StateBatch states;
};
Draw draw(Evaluator& ac, const Options& o, std::uint64_t k) {
  const auto below = [&](std::uint32_t what, std::uint32_t i, std::size_t n) {
    return static_cast<std::size_t>(random_unit(random_bits(o.seed, Purpose::verification, k, what, i)) *
                                    static_cast<double>(n));
  };
  const std::vector<BusId>& buses = radial().candidate_buses;
  const Queue queue =
      draw_random_queue(ac, {{buses.begin(), buses.end()}, 50, o.kw_max, o.seed, k, 8 + below(0, 0, 23)});
  Draw d;
  for (std::uint32_t way = 0; way < k % 5; ++way)
    for (BusId b = queue.units[below(1, way, queue.units.size())].site.bus; b.valid();
         b = radial().buses[b.index()].parent)
      if (radial().buses[b.index()].branch.upgradable) d.upgraded.emplace_back(b);
  std::sort(d.upgraded.begin(), d.upgraded.end());
  d.upgraded.erase(std::unique(d.upgraded.begin(), d.upgraded.end()), d.upgraded.end());
  d.states.upgrade_sets = {d.upgraded};
  for (std::size_t i = 0; i < o.states; ++i) {
    for (std::uint32_t u = 0; u < queue.units.size(); ++u)
      if (below(2 + u, static_cast<std::uint32_t>(i), o.states) <= i)
        d.states.add_der(queue.units[u].site, queue.units[u].kw);
    d.states.finish_state(UpgradeSetId(0));
  }
  return d;
}

template <class Real>
std::vector<Sample> measure(const Options& o) {
  const auto ac = evaluator(Precision::dual, o.threads);
  LinearProbe<Real> probe(*ac);
  std::vector<Sample> samples;
  for (std::uint64_t k = 0; k < o.queues; ++k) {
    const Draw d = draw(*ac, o, k);
    const std::vector<Quantities> exact = ac->evaluate(d.states);
    const std::vector<ProbedState> linear = probe.run(d.states);
    for (std::size_t i = 0; i < exact.size(); ++i)
      if (exact[i].converged) samples.push_back(compare(exact[i], linear[i], d.upgraded));
  }
  return samples;
}

std::string quantiles(std::vector<double> x) {
  if (x.empty()) return "-";
  std::sort(x.begin(), x.end());
  return fmt::format("{:.2g} / {:.2g} / {:.2g}", x[x.size() / 2], x[x.size() * 95 / 100], x.back());
}

constexpr std::array<double, 5> kEdges = {0, 0.025, 0.05, 0.075, 1e9};

template <class Value>
void print_row(const std::string& name, const std::vector<Sample>& samples, const Value& value) {
  std::string line = fmt::format("| {} |", name);
  for (std::size_t bin = 0; bin + 1 < kEdges.size(); ++bin) {
    std::vector<Sample> inside;
    for (const Sample& s : samples)
      if (kEdges[bin] <= s.strength && s.strength < kEdges[bin + 1]) inside.push_back(s);
    line += fmt::format(" {} |", value(inside));
  }
  fmt::print("{}\n", line);
}

void print_table(const std::vector<Sample>& samples) {
  fmt::print(
      "| median / 95 % / largest | strength < 0.025 | 0.025 to 0.05 | 0.05 to 0.075 | > 0.075 "
      "|\n|---|---|---|---|---|\n");
  for (std::size_t c = 0; c < num_columns; ++c) {
    const auto row = [&](const std::string& name, bool same_taps) {
      print_row(name, samples, [&](const std::vector<Sample>& inside) {
        std::vector<double> x;
        for (const Sample& s : inside)
          if (s.same_taps || !same_taps) x.push_back(s.error[c]);
        return quantiles(std::move(x));
      });
    };
    row(kColumns[c], false);
    if (c == c_vdiff || c == c_vmax || c == c_vmin) row("the same, where no tap differs", true);
  }
  const auto share = [&](const char* name, const auto& counts) {
    print_row(name, samples, [&](const std::vector<Sample>& inside) {
      const auto n = static_cast<std::size_t>(std::count_if(inside.begin(), inside.end(), counts));
      return inside.empty()
                 ? std::string("-")
                 : fmt::format("{} ({:.2f} %)", n, 100.0 * static_cast<double>(n) / static_cast<double>(inside.size()));
    });
  };
  print_row("states", samples, [](const std::vector<Sample>& inside) { return std::to_string(inside.size()); });
  share("some tap differs at some step", [](const Sample& s) { return !s.same_taps; });
  share("`linear`: other limits violated", [](const Sample& s) { return !s.same_limits; });
  share("`linear`: other limits or other line first", [](const Sample& s) { return !s.same_decision; });
  share("`screened`: sent to AC", [](const Sample& s) { return s.near; });
  share("`screened`: other limits or other line first", [](const Sample& s) { return !s.near && !s.same_decision; });
}

int run(int argc, char** argv) {
  Options o;
  CLI::App app(
      "Differences of the linearized feeder to AC in double precision, on random states of random queues of the radial "
      "feeder.");
  app.add_option("--queues", o.queues, "random queues of 8 to 30 units")->capture_default_str();
  app.add_option("--states", o.states, "random states of each")->capture_default_str();
  app.add_option("--kw-max", o.kw_max, "largest unit [kW]; the smallest is 50")->capture_default_str();
  app.add_option("--seed", o.seed, "of everything drawn")->capture_default_str();
  app.add_flag("--double", o.dual, "the model in double precision");
  app.add_option("--threads", o.threads, "of the AC evaluations")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  print_table(o.dual ? measure<double>(o) : measure<float>(o));
  return 0;
}

}  // namespace
}  // namespace gridqueue::bench

int main(int argc, char** argv) {
  try {
    return gridqueue::bench::run(argc, argv);
  } catch (const gridqueue::Error& e) {
    fmt::print(stderr, "error: {}\n", e.what());
    return static_cast<int>(e.code());
  }
}

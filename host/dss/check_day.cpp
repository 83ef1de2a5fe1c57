#include "host/dss/check_day.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/dss/export_elements.hpp"
#include "host/dss/reference.hpp"

namespace gridqueue {
namespace {

//! What the loads of a bus (none: of the feeder) draw [kW].
double load_kw(const Network& net, BusId bus = {}) {
  double kw = 0;
  for (const Load& load : net.loads)
    if (!bus.valid() || load.bus == bus) kw += std::max(load.kw, 0.0);
  return kw;
}

//! Where the voltage base allows it.
std::vector<UnitSite> sites_for(const Network& net, SiteKind kind) {
  std::string left_out;
  return where_units_stand(net, sites_of_kind(net, kind), left_out);
}

//! Three units of a tenth of the load each, small ones at a bus of one or two phases and on a secondary, and two lines.
DssState with_units(const Network& net) {
  const double kw = load_kw(net);
  DssState s;
  const std::vector<UnitSite> candidates = sites_for(net, SiteKind::three_phase);
  for (std::size_t k : {0, 1, 2})
    if (!candidates.empty()) s.der.emplace_back(candidates[k * (candidates.size() - 1) / 2], std::max(kw, 300.0) / 10);
  for (const SiteKind kind : {SiteKind::single_phase, SiteKind::secondary}) {
    const std::vector<UnitSite> sites = sites_for(net, kind);
    if (sites.empty()) continue;
    const UnitSite site = sites[sites.size() / 2];
    const double small = kind == SiteKind::secondary ? 5 : 50;
    s.der.emplace_back(site, std::max(load_kw(net, site.bus), small));
  }
  for (std::size_t b = 1; b < net.buses.size() && s.upgraded.size() < 2; ++b)
    if (net.buses[b].branch.upgradable) s.upgraded.emplace_back(BusId(b));
  return s;
}

//! The units' shape over a day in OpenDSS, whose hours wrap around: nothing where a step does not begin at one of its
//! points.
std::vector<std::string> commands_for(const Network& net, const DayChoice& day, std::size_t which,
                                      const DssState& state) {
  const double before = day.start_hours[which] * 3600 / day.step_s;
  const auto shift = static_cast<std::size_t>(std::lround(before));
  if (std::abs(before - static_cast<double>(shift)) > 1e-9) return {};
  std::vector<double> values(static_cast<std::size_t>(day.steps));
  for (std::size_t k = 0; k < values.size(); ++k)
    values[(k + shift) % values.size()] = net.pv_shape[which * values.size() + k];
  std::vector<std::string> commands{fmt::format("new loadshape.gq_pv npts={} sinterval={} mult=({})", values.size(),
                                                net.step_s, fmt::join(values, " "))};
  for (std::size_t i = 0; i < state.der.size(); ++i) {
    std::string pv = dss_pv(net, state.der[i].first, state.der[i].second, i + 1);
    pv.pop_back();  // the end of its line
    commands.push_back(pv + (day.mode == "yearly" ? " yearly=gq_pv" : ""));
  }
  return commands;
}

void compare(const Network& net, const DssDay& theirs, const DayTrace& ours, ImportCheck& check) {
  std::vector<std::string> name;  // empty: OpenDSS has no such node, or no other one is there
  std::vector<double> base;
  std::vector<std::size_t> next;  // behind an ungrounded winding the voltage to the next node counts
  for (const Bus& b : net.buses)
    for (std::size_t n = 0, nodes = static_cast<std::size_t>(b.num_nodes); n < nodes; ++n) {
      const bool nothing = b.inner || (nodes == 1 && judged_between_phases(b));
      name.push_back(nothing ? "" : fmt::format("{}.{}", b.name, b.phase[n]));
      base.push_back(b.kv_base * 1e3);
      next.push_back(judged_between_phases(b) ? base.size() - 1 - n + (n + 1) % nodes : base.size() - 1);
    }
  const auto magnitude = [&](const std::vector<Complex>& v, std::size_t row, std::size_t n) {
    return std::abs(next[n] == n ? v[row + n] : (v[row + n] - v[row + next[n]]) / std::sqrt(3.0));
  };
  const std::size_t regulators = net.regulators.size();
  int compared = 0;
  for (std::size_t k = 0; k < net.num_steps(); ++k) {
    if (!theirs.converged[k]) {
      ++check.steps_left_out;
      continue;
    }
    if ((k + 1) * base.size() > ours.voltage.size()) {  // ours ends where it finds no solution
      check.voltage_pu = std::numeric_limits<double>::infinity(), check.voltage_node = ours.unsolved->place;
      log_warn("a day of the check {}", describe(net, *ours.unsolved));
      break;
    }
    int wrong = 0;
    for (std::size_t r = k * regulators; r < (k + 1) * regulators; ++r) wrong += theirs.tap[r] != ours.tap[r];
    check.taps += static_cast<int>(regulators), check.wrong_taps += wrong;
    compared += wrong == 0 ? 1 : 0;
    for (std::size_t n = 0; n < base.size() && wrong == 0; ++n) {
      if (name[n].empty()) continue;
      const std::size_t row = k * base.size();
      const double difference = std::abs(magnitude(theirs.voltage, row, n) - magnitude(ours.voltage, row, n)) / base[n];
      if (!(difference <= check.voltage_pu)) check.voltage_pu = difference, check.voltage_node = name[n];
    }
  }
  if (compared == 0 && check.wrong_taps > 0) check.voltage_pu = std::numeric_limits<double>::infinity();
  check.days += static_cast<int>(net.days.size());
}

StateBatch batch_of(const DssState& state) {
  StateBatch batch;
  batch.upgrade_sets = {state.upgraded};
  for (const auto& [site, kw] : state.der) batch.add_der(site, kw);
  batch.finish_state(UpgradeSetId(0));
  return batch;
}

const char* const kTight = "set tolerance=1e-9 maxiterations=100";

void check_day(const std::string& master, const DssImportOptions& options, Evaluator& evaluator, const DssState& state,
               std::vector<std::vector<std::string>> units, ImportCheck& check) {
  DssDayOptions day{options.library, options.commands, options.day, {kTight}, std::move(units), state.upgraded};
  day.factor = evaluator.options().upgrade_factor;
  day.timed = false;
  const StateBatch batch = batch_of(state);
  const Network& net = evaluator.network();
  compare(net, solve_day_with_dss(master, net, day), evaluator.trace(batch), check);
  if (state.der.empty())
    check.loading_pct =
        std::abs(evaluator.evaluate(batch).front()[limit_emergency].value - net.base_case.emergency_pct);
}

EvaluatorOptions options_for(const Network& network, const DssState& state) {
  EvaluatorOptions options;
  options.backend = Backend::cpu;
  options.precision = Precision::dual;
  options.monitors = monitor_set(network, "all");
  for (const auto& [site, kw] : state.der) options.sites.push_back(site);
  return options;
}

//! "" where the exported model's day is ours.
std::string what_differs(const Network& net, const ImportCheck& check) {
  if (check.steps_left_out == static_cast<int>(net.num_steps())) return "it finds no solution at any step";
  if (check.voltage_pu > std::max(kToldPu, net.check.voltage_pu))
    return fmt::format("voltages differ by {:.2g} pu at '{}'", check.voltage_pu, check.voltage_node);
  if (10 * check.wrong_taps > check.taps) return fmt::format("{} of {} taps differ", check.wrong_taps, check.taps);
  return {};
}

}  // namespace

EvaluatorOptions checking_options(const Network& network) { return options_for(network, with_units(network)); }

ImportCheck check_export(const std::string& master, const Network& network, const DssState& state) {
  EvaluatorOptions options = options_for(network, state);
  options.upgrade_factor = state.factor;
  const DayTrace ours = make_evaluator(network, options)->trace(batch_of(state));
  ImportCheck check;
  if (ours.unsolved) return check;
  DssDayOptions day;
  day.changes = {kTight};
  day.timed = false;
  compare(network, solve_day_with_dss(master, network, day), ours, check);
  if (const std::string why = what_differs(network, check); !why.empty())
    fail_input(
        "the model's day in OpenDSS is not that of feeder '{}' ({}): nothing is written (please report it; "
        "--no-check writes the model all the same)",
        network.name, why);
  return check;
}

ImportCheck check_days(const std::string& master, const DssImportOptions& options, Evaluator& evaluator) {
  ImportCheck check;
  check_day(master, options, evaluator, {}, {}, check);
  const DssState state = with_units(evaluator.network());
  std::vector<std::vector<std::string>> units;
  for (std::size_t d = 0; d < options.day.start_hours.size(); ++d) {
    units.push_back(commands_for(evaluator.network(), options.day, d, state));
    if (units.back().empty()) return check;
  }
  if (!state.der.empty()) check_day(master, options, evaluator, state, units, check);
  return check;
}

}  // namespace gridqueue

#include "host/dss/check_day.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "host/dss/export_elements.hpp"
#include "host/dss/reference.hpp"

namespace gridqueue {
namespace {

struct CheckedState {
  std::vector<std::pair<BusId, double>> der;
  Upgrades upgraded;
};

//! Three units of a tenth of the load each, and two lines.
CheckedState with_units(const Network& net) {
  double kw = 0;
  for (const Load& load : net.loads) kw += std::max(load.kw, 0.0);
  CheckedState s;
  const auto& candidates = net.candidate_buses;
  for (std::size_t k : {0, 1, 2})
    if (!candidates.empty()) s.der.emplace_back(candidates[k * (candidates.size() - 1) / 2], std::max(kw, 300.0) / 10);
  for (std::size_t b = 1; b < net.buses.size() && s.upgraded.size() < 2; ++b)
    if (net.buses[b].branch.upgradable) s.upgraded.emplace_back(BusId(b));
  return s;
}

//! The units' shape in OpenDSS, whose hours wrap around: nothing where a step does not begin at one of its points.
std::vector<std::string> commands_for(const Network& net, const DayChoice& day, const CheckedState& state) {
  const double before = day.start_hour * 3600 / day.step_s;
  const auto shift = static_cast<std::size_t>(std::lround(before));
  if (std::abs(before - static_cast<double>(shift)) > 1e-9) return {};
  std::vector<double> values(net.num_steps());
  for (std::size_t k = 0; k < values.size(); ++k) values[(k + shift) % values.size()] = net.pv_shape[k];
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
  std::vector<std::string> name;
  std::vector<double> base;
  for (const Bus& b : net.buses)
    for (std::size_t n = 0; n < static_cast<std::size_t>(b.num_nodes); ++n) {
      name.push_back(fmt::format("{}.{}", b.name, b.phase[n]));
      base.push_back(b.kv_base * 1e3);
    }
  const std::size_t regulators = net.regulators.size();
  for (std::size_t k = 0; k < net.num_steps(); ++k) {
    if (!theirs.converged[k] || (k + 1) * base.size() > ours.voltage.size()) {
      ++check.steps_left_out;
      continue;
    }
    int wrong = 0;
    for (std::size_t r = k * regulators; r < (k + 1) * regulators; ++r) wrong += theirs.tap[r] != ours.tap[r];
    check.taps += static_cast<int>(regulators), check.wrong_taps += wrong;
    for (std::size_t n = 0; n < base.size() && wrong == 0; ++n) {
      const std::size_t i = k * base.size() + n;
      const double difference = std::abs(std::abs(theirs.voltage[i]) - std::abs(ours.voltage[i])) / base[n];
      if (!(difference <= check.voltage_pu)) check.voltage_pu = difference, check.voltage_node = name[n];
    }
  }
  ++check.days;
}

void check_day(const std::string& master, const DssImportOptions& options, Evaluator& evaluator,
               const CheckedState& state, std::vector<std::string> changes, ImportCheck& check) {
  DssDayOptions day{options.library, options.commands, options.day, std::move(changes), state.upgraded};
  day.changes.emplace_back("set tolerance=1e-9 maxiterations=100");
  day.factor = evaluator.options().upgrade_factor;
  day.timed = false;
  StateBatch batch;
  batch.upgrade_sets = {state.upgraded};
  for (const auto& [bus, kw] : state.der) batch.add_der(bus, kw);
  batch.finish_state(UpgradeSetId(0));
  const Network& net = evaluator.network();
  compare(net, solve_day_with_dss(master, net, day), evaluator.trace(batch), check);
  if (state.der.empty())
    check.loading_pct =
        std::abs(evaluator.evaluate(batch).front()[limit_emergency].value - net.base_case.emergency_pct);
}

}  // namespace

ImportCheck check_days(const std::string& master, const DssImportOptions& options, Evaluator& evaluator) {
  ImportCheck check;
  check_day(master, options, evaluator, {}, {}, check);
  const CheckedState state = with_units(evaluator.network());
  const auto commands = commands_for(evaluator.network(), options.day, state);
  if (!state.der.empty() && !commands.empty()) check_day(master, options, evaluator, state, commands, check);
  return check;
}

}  // namespace gridqueue

#include "host/run/walk_answers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "gridqueue/machine.hpp"
#include "host/answers/hash.hpp"
#include "host/feeder/feeder_digest.hpp"
#include "host/model/quantities_bytes.hpp"

namespace gridqueue {
namespace {

std::string feeder_terms(const Network& network) {
  return fmt::format("feeder {} {}", network.name, feeder_digest(network));
}

std::string limits_text(const Limits& limits) {
  std::string text;
  for (const LimitInfo& l : kLimits)
    if (l.limit) text += fmt::format(" {} {}", limits.*l.limit, limits.*l.tolerance);
  return text + fmt::format(" {} {} {} {}", limits.island_p_fraction, limits.island_p_tolerance,
                            limits.island_q_fraction, limits.island_q_tolerance);
}

}  // namespace

std::string ac_terms(Evaluator& ac) {
  if (AnswerSource* source = ac.answer_source())
    return fmt::format("{}, {}", feeder_terms(ac.network()), source->answer_terms());
  const EvaluatorOptions& o = ac.options();
  std::vector<int> monitors;
  for (BusId bus : o.monitors.buses) monitors.push_back(bus.value);
  return fmt::format("{}, machine {}, version {} in form {}, {}, factor {}, limits{}, monitors {}",
                     feeder_terms(ac.network()), o.machine ? o.machine->description() : "", kEvaluationVersion,
                     kQuantitiesBytesVersion, o.precision == Precision::single ? "float" : "double", o.upgrade_factor,
                     limits_text(o.limits), fmt::join(monitors, " "));
}

std::string answers_hash(Evaluator& ac) {
  const std::string terms = ac_terms(ac);
  const XXH128_hash_t h = XXH3_128bits(terms.data(), terms.size());
  return fmt::format("{:016x}{:016x}", h.high64, h.low64);
}

std::string linear_terms(Evaluator& ac, const LinearOptions& options) {
  std::vector<std::string> sets, units;
  if (options.scope.sets)
    for (const Upgrades& set : *options.scope.sets) {
      std::vector<int> lines;
      for (const Upgrade& u : set) lines.push_back(u.element.value);
      sets.push_back(fmt::format("({})", fmt::join(lines, " ")));
    }
  for (UnitSite site : options.scope.units) units.push_back(fmt::format("{}.{}", site.bus.value, site.phases));
  return fmt::format("{}, {} in form {}, limits{}, units {}, sets {}", ac_terms(ac), power_flow_name(options.model),
                     kQuantitiesBytesVersion, limits_text(ac.options().limits), fmt::join(units, " "),
                     fmt::join(sets, " "));
}

}  // namespace gridqueue

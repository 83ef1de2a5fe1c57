#include "host/run/unsolved_state.hpp"

#include <fmt/ranges.h>

#include "gridqueue/contracts.hpp"
#include "gridqueue/unit_site.hpp"
#include "host/walk/state_sample.hpp"

namespace gridqueue {

std::string unsolved_state(Evaluator& evaluator, const Walker& walker) {
  const auto fails = [](const Quantities& q) { return (q.violations & limit_convergence) != 0; };
  const auto found = sample_states(walker, 1, fails);
  if (found.empty()) return {};
  const DayTrace day = evaluator.trace(batch_of(walker, found));
  if (!day.unsolved) return {};
  const Network& net = evaluator.network();
  const auto& units = walker.queue().units;
  std::vector<std::string> there, lines;
  for (std::size_t u = 0; u < units.size(); ++u)
    if (found[0].in.has(UnitId(u)))
      there.push_back(fmt::format("{:g} kW at '{}'", units[u].kw, site_name(net, units[u].site)));
  for (BusId line : lines_of(walker.upgrade_sets()[found[0].upgrades.index()]))
    lines.push_back(net.buses[line.index()].branch.name);
  return fmt::format("with {}{} the power flow {}", fmt::join(there, ", "),
                     lines.empty() ? "" : fmt::format(" and the upgraded {}", fmt::join(lines, ", ")),
                     describe(net, *day.unsolved));
}

}  // namespace gridqueue

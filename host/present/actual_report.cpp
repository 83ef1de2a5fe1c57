#include "host/present/actual_report.hpp"

#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "gridqueue/limits.hpp"
#include "host/core/text.hpp"

namespace gridqueue {
namespace {

//! Where a total stands among those of the other orders.
std::string rank_text(const RankedCost& c) {
  if (c.less == 0 && c.at_most > 1 - 1e-12) return "as every order does";
  return fmt::format("less in {:.1f} % of the orders, more in {:.1f} %", 100 * c.less, 100 * (1 - c.at_most));
}

constexpr const char* kDecisions[] = {"accepted", "upgrades", "rejected"};

}  // namespace

void print_actual(const ResultsInfo& info, const ActualOrder& actual, std::ostream& out) {
  const std::vector<std::string> labels = info.unit_names();
  out << "Your actual order: who pays what, and in how many of the orders that unit would pay less or more\n";
  TextTable table({"unit", "kW", "is", "pays $", "pays less", "pays more"});
  const auto percent = [](double share) { return fmt::format("{:.1f} %", 100 * share); };
  for (const ActualUnit& u : actual.units)
    table.add({labels[u.unit.index()], fmt::format("{:.0f}", info.unit_kw[u.unit.index()]),
               kDecisions[static_cast<int>(u.decision)], usd_text(u.cost.usd), percent(u.cost.less),
               percent(1 - u.cost.at_most)});
  table.print(out);
  out << fmt::format("In all it costs {}, {}.\n\n", money_text(actual.total.usd), rank_text(actual.total));
}

nlohmann::ordered_json actual_json(const ResultsInfo& info, const ActualOrder& actual) {
  const std::vector<std::string> labels = info.unit_names();
  nlohmann::ordered_json units = nlohmann::ordered_json::array();
  for (const ActualUnit& u : actual.units)
    units.push_back({{"unit", u.unit.value},
                     {"name", labels[u.unit.index()]},
                     {"decision", kDecisions[static_cast<int>(u.decision)]},
                     {"limits", limit_names(u.limits)},
                     {"cost_usd", u.cost.usd},
                     {"less_probability", u.cost.less},
                     {"at_most_probability", u.cost.at_most}});
  return {{"units", units},
          {"total_usd", actual.total.usd},
          {"total_less_probability", actual.total.less},
          {"total_at_most_probability", actual.total.at_most}};
}

}  // namespace gridqueue

// A study's sharing in print and JSON: the rules' table and where its numbers come from.
#include <algorithm>
#include <cmath>
#include <ostream>

#include "gridqueue/contracts.hpp"
#include "host/core/text.hpp"
#include "host/present/json_number.hpp"
#include "host/present/rules_report.hpp"

namespace gridqueue {
namespace {

using nlohmann::ordered_json;

const char* source_text(OrderSource source) {
  switch (source) {
    case OrderSource::all: return "all orders, exactly";
    case OrderSource::random: return "a sample of orders; +- is half of the mean's 95 % interval";
    case OrderSource::given: return "the orders given, which speak for themselves only";
  }
  contract_failed("precondition", "source is an OrderSource", __FILE__, __LINE__);
}

std::string cell(double x, int decimals) { return std::isnan(x) ? "-" : fmt::format("{:.{}f}", x, decimals); }
std::string usd_cell(double x) { return std::isnan(x) ? "-" : usd_text(x); }

constexpr std::size_t kColumnsShown = 12;  // of limits and bounds; JSON and the file have all

//! The columns as they are, and spread over the units alone.
void add_columns(TextTable& table, const StudySharing& s) {
  const ProgramMeans m = program_means(s);
  if (m.solved == 0) return;
  const auto line = [&](const std::string& name, double x) { table.add({name, "", "", "", usd_text(x)}); };
  double rest = 0;
  for (std::size_t i = 0; i < m.columns.size(); ++i) {
    if (i < kColumnsShown) line("  " + m.columns[i].name, m.columns[i].usd);
    else rest += m.columns[i].usd;
  }
  if (m.columns.size() > kColumnsShown) line(fmt::format("  {} smaller ones", m.columns.size() - kColumnsShown), rest);
  double spread = 0;
  for (const SharingUnit& u : s.table.units) spread += u.balanced_usd.value_or(0);
  table.add({"sum", "", "", "", usd_text(m.cost_usd), usd_text(spread)});
}

void print_origins(const StudySharing& s, std::ostream& out) {
  TextTable table({"from", "accepted", "HC before kW", "HC after kW", "induced $", "spread $"});
  for (const SharingUnit& u : s.table.units)
    table.add({u.name, fmt::format("{:.2f} %", 100 * u.accepted), cell(u.hc0, 1), cell(u.hc1, 1),
               usd_cell(u.induced_usd), usd_cell(u.balanced_usd.value_or(kNotKnown))});
  add_columns(table, s);
  out << '\n';
  table.print(out);
}

void print_notes(const StudySharing& s, std::ostream& out) {
  const auto asked = [&](SharingRule rule) {
    return std::any_of(s.table.rules.begin(), s.table.rules.end(), [&](const RuleShares& r) { return r.rule == rule; });
  };
  if (asked(SharingRule::delta_hosting_capacity))
    out << fmt::format(
        "HC: hosting capacity at the unit's bus, nothing connected, before and after the {} lines that {:.2f} % of the "
        "orders end with.\n",
        s.hosting_upgrades.size(), 100 * s.hosting_probability);
  if (s.programs.empty()) return;
  const ProgramMeans m = program_means(s);
  out << fmt::format(
      "Constraint matrix: mean over {} final states ({:.2f} % of the orders); the programs cost {:.1f} % of the lines "
      "built there.\n",
      m.solved, 100 * m.probability, m.built_usd > 0 ? 100 * m.cost_usd / m.built_usd : 100);
  if (m.solved < s.programs.size())
    out << fmt::format("{} final states have no program: {}\n", s.programs.size() - m.solved,
                       std::find_if(s.programs.begin(), s.programs.end(), [](const EndProgram& p) {
                         return !p.failed.empty();
                       })->failed);
}

ordered_json program_json(const EndProgram& p) {
  ordered_json j{{"state", p.end.state.value}, {"probability", p.end.probability}, {"built_usd", p.built_usd}};
  if (!p.failed.empty()) {
    j["failed"] = p.failed;
    return j;
  }
  ordered_json columns = ordered_json::object();
  for (const LimitColumn& c : p.allocation.columns) columns[c.name] = c.usd;
  j.update({{"cost_usd", p.cost_usd},
            {"limits_usd", p.allocation.limits_usd},
            {"bounds_usd", p.allocation.bounds_usd},
            {"induced_usd", p.allocation.unit_usd},
            {"columns", std::move(columns)}});
  return j;
}

}  // namespace

void print_sharing(const StudySharing& s, std::ostream& out) {
  out << fmt::format("\nWho should pay, from {}\n", source_text(s.source));
  print_sharing(s.table, out);
  const bool feeder = !s.programs.empty() || s.hosting_probability > 0;
  if (feeder) print_origins(s, out);
  print_notes(s, out);
}

ordered_json sharing_json(const StudySharing& s) {
  static constexpr const char* kSource[] = {"all", "random", "given"};
  ordered_json j{{"orders", kSource[static_cast<int>(s.source)]}};
  j.update(sharing_json(s.table));
  j["hosting_probability"] = json_number(s.hosting_probability);
  j["programs"] = ordered_json::array();
  for (const EndProgram& p : s.programs) j["programs"].push_back(program_json(p));
  return j;
}

}  // namespace gridqueue

// A study's sharing in print and JSON: the rules' table and where its numbers come from.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

#include "gridqueue/contracts.hpp"
#include "host/allocate/rules_report.hpp"

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

struct ProgramMeans {
  double probability = 0, built = 0, cost = 0, limits = 0, bounds = 0;
  std::size_t solved = 0;
};

//! Over the final states that have an answer, weighted as the shares are.
ProgramMeans program_means(const StudySharing& s) {
  ProgramMeans m;
  for (const EndProgram& p : s.programs)
    if (p.failed.empty()) m.probability += p.end.probability, ++m.solved;
  for (const EndProgram& p : s.programs) {
    if (!p.failed.empty()) continue;
    const double weight = p.end.probability / m.probability;
    m.built += weight * p.built_usd;
    m.cost += weight * p.allocation.report.matrix.objective;
    m.limits += weight * p.allocation.limits_usd;
    m.bounds += weight * p.allocation.bounds_usd;
  }
  return m;
}

void print_origins(const StudySharing& s, std::ostream& out) {
  std::size_t w = 22;
  for (const SharingUnit& u : s.table.units) w = std::max(w, u.name.size());
  out << fmt::format("\n{:<{}} {:>9} {:>16} {:>16} {:>16} {:>16}\n", "from", w, "accepted", "HC before kW", "HC after kW", "induced $", "spread $");
  for (const SharingUnit& u : s.table.units)
    out << fmt::format("{:<{}} {:>7.2f} % {:>16} {:>16} {:>16} {:>16}\n", u.name, w, 100 * u.accepted, cell(u.hc0, 1), cell(u.hc1, 1),
                       cell(u.induced_usd, 2), cell(u.balanced_usd.value_or(kNotKnown), 2));
  const ProgramMeans m = program_means(s);
  if (m.solved == 0) return;
  const auto line = [&](const char* name, double x) { out << fmt::format("{:<{}} {:>9} {:>16} {:>16} {:>16.2f}\n", name, w, "", "", "", x); };
  line("limits' rows", m.limits);
  line("bounds of lines", m.bounds);
  line("the linear program", m.cost);
}

void print_notes(const StudySharing& s, std::ostream& out) {
  const auto asked = [&](SharingRule rule) {
    return std::any_of(s.table.rules.begin(), s.table.rules.end(), [&](const RuleShares& r) { return r.rule == rule; });
  };
  if (asked(SharingRule::delta_hosting_capacity))
    out << fmt::format("HC: hosting capacity at the unit's bus, nothing connected, before and after the {} lines that {:.2f} % of the orders end with.\n",
                       s.hosting_lines.size(), 100 * s.hosting_probability);
  if (s.programs.empty()) return;
  const ProgramMeans m = program_means(s);
  out << fmt::format("Constraint matrix: mean over {} final states ({:.2f} % of the orders); the programs cost {:.1f} % of the lines built there.\n",
                     m.solved, 100 * m.probability, m.built > 0 ? 100 * m.cost / m.built : 100);
  if (m.solved < s.programs.size())
    out << fmt::format("{} final states have no program: {}\n", s.programs.size() - m.solved,
                       std::find_if(s.programs.begin(), s.programs.end(), [](const EndProgram& p) { return !p.failed.empty(); })->failed);
}

ordered_json number(double x) { return std::isfinite(x) ? ordered_json(x) : ordered_json(nullptr); }

ordered_json program_json(const EndProgram& p) {
  ordered_json j{{"state", p.end.state.value}, {"probability", p.end.probability}, {"built_usd", p.built_usd}};
  if (!p.failed.empty()) {
    j["failed"] = p.failed;
    return j;
  }
  j.update({{"cost_usd", p.allocation.report.matrix.objective}, {"limits_usd", p.allocation.limits_usd},
            {"bounds_usd", p.allocation.bounds_usd}, {"induced_usd", p.allocation.unit_usd}});
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
  j["hosting_probability"] = number(s.hosting_probability);
  j["programs"] = ordered_json::array();
  for (const EndProgram& p : s.programs) j["programs"].push_back(program_json(p));
  return j;
}

}  // namespace gridqueue

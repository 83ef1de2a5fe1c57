#include "host/allocate/lp_file.hpp"

#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <map>

#include "gridqueue/contracts.hpp"
#include "gridqueue/network.hpp"
#include "host/core/files.hpp"

namespace gridqueue {
namespace {

class LpParser {
 public:
  explicit LpParser(std::string path) : path_(std::move(path)) {}

  LinearProgram parse(const std::string& text) {
    const toml::table root = parse_toml(text);
    check_keys(root, "the file", {"name", "variable", "row"});
    lp_.name = root["name"].value_or(path_);
    for (const toml::node& node : tables(root, "variable")) add_variable(table_of(node, "variable"));
    for (const toml::node& node : tables(root, "row")) add_row(table_of(node, "row"));
    return std::move(lp_);
  }

 private:
  template <class... Args>
  [[noreturn]] void stop(const toml::node& at, fmt::format_string<Args...> format, Args&&... args) const {
    fail_input("{}:{}: {}", path_, at.source().begin.line, fmt::format(format, std::forward<Args>(args)...));
  }

  toml::table parse_toml(const std::string& text) const {
    try {
      return toml::parse(text, path_);
    } catch (const toml::parse_error& e) {
      fail_input("{}:{}: the file is no TOML ({})", path_, e.source().begin.line, e.description());
    }
  }

  void check_keys(const toml::table& table, const std::string& place, std::initializer_list<std::string> known) const {
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      const std::string close = closest_name(name, known);
      stop(node, "{}: unknown key '{}' (known: {}){}", place, name, fmt::join(known, ", "),
           close.empty() ? "" : fmt::format("; did you mean '{}'?", close));
    }
  }

  const toml::array& tables(const toml::table& root, const std::string& key) const {
    const toml::node* node = root.get(key);
    if (!node) fail_input("{}:1: the file: no [[{}]] (a linear program has variables and rows); add one", path_, key);
    if (!node->is_array()) stop(*node, "'{0}' is no list of tables (write [[{0}]] above each)", key);
    return *node->as_array();
  }

  const toml::table& table_of(const toml::node& node, const std::string& key) const {
    if (!node.is_table()) stop(node, "'{0}' holds something that is no table (write [[{0}]] above each)", key);
    return *node.as_table();
  }

  //! The name of a [[kind]] table, new among `taken`.
  std::string new_name(const toml::table& table, const std::string& kind,
                       const std::map<std::string, std::size_t>& taken) const {
    const toml::node* node = table.get("name");
    if (!node || !node->is_string())
      stop(node ? *node : table, "[[{}]]: no name (a text names it in the result)", kind);
    const std::string name = node->as_string()->get();
    if (name.empty() || taken.count(name))
      stop(*node, "{} '{}': the name is empty or used before (names must differ)", kind, name);
    return name;
  }

  double number(const toml::node& node, const std::string& place, const std::string& key) const {
    const auto value = node.value<double>();
    if (!value || std::isnan(*value)) stop(node, "{}: '{}' is no number", place, key);
    return *value;
  }
  double number_or(const toml::table& table, const std::string& place, const std::string& key, double fallback) const {
    const toml::node* node = table.get(key);
    return node ? number(*node, place, key) : fallback;
  }
  double finite(const toml::node& node, const std::string& place, const std::string& key) const {
    const double x = number(node, place, key);
    if (!std::isfinite(x)) stop(node, "{}: '{}' is {} (a finite number is needed)", place, key, x);
    return x;
  }

  void check_bounds(const toml::table& table, const std::string& place, double lower, double upper) const {
    if (lower == kLpInfinity || upper == -kLpInfinity)
      stop(table, "{}: lower {} and upper {} leave no value (inf is for upper, -inf for lower)", place, lower, upper);
    if (lower > upper) stop(table, "{}: lower {} > upper {} (no value is left); swap them?", place, lower, upper);
  }

  void add_variable(const toml::table& table) {
    const std::string name = new_name(table, "variable", variables_), place = "variable '" + name + "'";
    check_keys(table, place, {"name", "cost", "lower", "upper"});
    const toml::node* cost = table.get("cost");
    LpVariable v{name, cost ? finite(*cost, place, "cost") : 0, number_or(table, place, "lower", 0),
                 number_or(table, place, "upper", kLpInfinity)};
    check_bounds(table, place, v.lower, v.upper);
    variables_[name] = lp_.add_variable(v);
  }

  void add_row(const toml::table& table) {
    const std::string name = new_name(table, "row", rows_), place = "row '" + name + "'";
    check_keys(table, place, {"name", "terms", "lower", "upper", "equal"});
    LpRow row{name, {}, number_or(table, place, "lower", -kLpInfinity), number_or(table, place, "upper", kLpInfinity)};
    if (const toml::node* equal = table.get("equal")) {
      if (table.contains("lower") || table.contains("upper"))
        stop(*equal, "{}: 'equal' beside 'lower' or 'upper' (it sets both); leave one out", place);
      row.lower = row.upper = finite(*equal, place, "equal");
    } else if (!std::isfinite(row.lower) && !std::isfinite(row.upper)) {
      stop(table, "{}: no bound (a row without one binds nothing); add equal, lower or upper", place);
    }
    check_bounds(table, place, row.lower, row.upper);
    add_terms(table, place, row);
    rows_[name] = lp_.add_row(std::move(row));
  }

  void add_terms(const toml::table& table, const std::string& place, LpRow& row) const {
    const toml::node* terms = table.get("terms");
    if (!terms || !terms->is_table())
      stop(terms ? *terms : table, "{}: no terms (a row is a sum over variables); add terms = {{ x = 1.0 }}", place);
    for (const auto& [key, node] : *terms->as_table()) {
      const std::string variable(key.str());
      const auto found = variables_.find(variable);
      if (found == variables_.end()) unknown_variable(node, place, variable);
      row.terms.push_back({found->second, finite(node, place, "terms." + variable)});
    }
  }

  [[noreturn]] void unknown_variable(const toml::node& node, const std::string& place, const std::string& name) const {
    std::vector<std::string> names;
    for (const LpVariable& v : lp_.variables) names.push_back(v.name);
    const std::string close = closest_name(name, names);
    stop(node, "{}: unknown variable '{}' (the file has {}){}", place, name, names.size(),
         close.empty() ? "; add a [[variable]]" : fmt::format("; did you mean '{}'?", close));
  }

  std::string path_;
  LinearProgram lp_;
  std::map<std::string, std::size_t> variables_, rows_;
};

}  // namespace

LinearProgram parse_lp(const std::string& text, const std::string& path) { return LpParser(path).parse(text); }

LinearProgram read_lp_file(const std::string& path) { return parse_lp(read_text_file(path, "linear program"), path); }

}  // namespace gridqueue

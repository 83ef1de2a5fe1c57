#include "host/dss/command_check.hpp"

#include <algorithm>
#include <regex>

#include "gridqueue/contracts.hpp"
#include "gridqueue/network.hpp"
#include "host/core/text.hpp"

namespace gridqueue {
namespace {

//! The next word from `at` on, without its quotes; `at` ends behind it.
std::string next_word(const std::string& text, std::size_t& at) {
  at = text.find_first_not_of(" \t,", at);
  if (at == std::string::npos) return {};
  for (const char* quotes : {"\"\"", "''", "()", "[]", "{}"}) {
    if (text[at] != quotes[0]) continue;
    const std::size_t from = at + 1, to = std::min(text.find(quotes[1], from), text.size());
    at = std::min(to + 1, text.size());
    return text.substr(from, to - from);
  }
  const std::size_t from = at;
  at = std::min(text.find_first_of(" \t,", from), text.size());
  return text.substr(from, at - from);
}

//! OpenDSS takes the first letters for a command, too.
bool stands_for(const std::string& word, const std::string& command) {
  return !word.empty() && command.rfind(word, 0) == 0;
}

struct Target {
  std::string verb, type, name;  //!< in small letters but the name
};

Target target_of(const std::string& command) {
  std::size_t at = 0;
  Target target;
  target.verb = lower_case(next_word(command, at));
  std::string object = next_word(command, at);
  if (lower_case(object).rfind("object=", 0) == 0) object = object.substr(7);
  const std::size_t dot = object.find('.');
  if (dot == std::string::npos) return {};
  target.type = lower_case(object.substr(0, dot));
  target.name = object.substr(dot + 1);
  return target;
}

bool any_like(const std::vector<std::string>& names, const std::string& pattern) {
  try {
    const std::regex like(pattern, std::regex::icase);
    return std::any_of(names.begin(), names.end(), [&](const auto& name) { return std::regex_search(name, like); });
  } catch (const std::regex_error&) {
    return true;  // of another kind than ours
  }
}

}  // namespace

std::string names_nothing(DssEngine& dss, const std::string& command) {
  const Target target = target_of(command);
  const auto is = [&](const char* verb) { return stands_for(target.verb, verb); };
  const bool batch = is("batchedit");
  if (target.name.empty() || !(batch || is("edit") || is("enable") || is("disable"))) return {};
  if (target.type == "circuit" || target.type == "solution") return {};
  const std::vector<std::string> names = dss.names_of_class(target.type);  // none of a class that is not there
  const std::string all = target.type + "." + target.name;
  if (batch) return any_like(names, target.name) ? "" : all;
  const bool every_one = target.name == "*" && !is("edit");  // for OpenDSS an edit's is a name
  if (every_one || std::find(names.begin(), names.end(), lower_case(target.name)) != names.end()) return {};
  const std::string near = closest_name(lower_case(target.name), names);
  fail_input("--command '{}': the model has no '{}'{}", command, all,
             near.empty() ? "" : fmt::format("; did you mean '{}.{}'?", target.type, near));
}

}  // namespace gridqueue

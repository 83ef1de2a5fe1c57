#include "host/dss/monitor_list.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

std::vector<std::string> read_json(const std::string& path) {
  std::ifstream in(path);
  if (!in) fail_input("cannot read the monitor list '{}'", path);
  try {
    const auto json = nlohmann::json::parse(in);
    return (json.is_object() ? json.at("monitors") : json).get<std::vector<std::string>>();
  } catch (const nlohmann::json::exception& error) {
    fail_input("'{}' is no list of monitors ({}); write [\"bus\", ...] or {{\"monitors\": [\"bus\", ...]}}", path,
               error.what());
  }
}

}  // namespace

std::pair<std::string, std::vector<std::string>> parse_monitor_list(const std::string& text) {
  const std::size_t equal = text.find('=');
  if (equal == std::string::npos || equal == 0 || equal + 1 == text.size())
    fail_input("monitor list '{}' cannot be understood; write NAME=FILE.json or NAME=BUS,BUS,...", text);
  const std::string name = text.substr(0, equal), value = text.substr(equal + 1);
  if (name == "all") fail_input("a monitor list cannot be named 'all' (that is every bus of the feeder)");
  if (ends_with(value, ".json")) return {name, read_json(value)};
  std::vector<std::string> buses;
  std::istringstream parts(value);
  for (std::string bus; std::getline(parts, bus, ',');)
    if (!bus.empty()) buses.push_back(bus);
  return {name, buses};
}

}  // namespace gridqueue

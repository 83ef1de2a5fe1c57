#include "host/cli/command.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <string_view>

#include "gridqueue/contracts.hpp"
#include "host/cli/option_check.hpp"
#include "host/study/limit_keys.hpp"

namespace gridqueue {
namespace {

std::vector<std::string> bus_names(const Network& network) {
  std::vector<std::string> names;
  for (const Bus& b : network.buses) names.push_back(b.name);
  return names;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts(1);
  for (char c : text) {
    if (c == ',') parts.emplace_back();
    else parts.back() += c;
  }
  return parts;
}

bool is_hdf5(const std::string& path) {
  char head[8] = {};
  std::ifstream(path, std::ios::binary).read(head, sizeof head);
  return std::string_view(head, sizeof head) == std::string_view("\x89HDF\r\n\x1a\n", sizeof head);
}

//! The number behind the '=', which is all of it; none where it is no number.
std::optional<double> number_behind(const std::string& entry, std::size_t equals) {
  const std::string text = entry.substr(equals + 1);
  try {
    std::size_t used = 0;
    const double x = std::stod(text, &used);
    if (used == text.size()) return x;
  } catch (const std::exception&) {
  }
  return std::nullopt;
}

}  // namespace

Backend backend_named(const Common& common) {
  static const std::map<std::string, Backend> names{
      {"cpu", Backend::cpu}, {"cuda", Backend::cuda}, {"auto", Backend::automatic}};
  return names.at(common.backend);
}

void set_backend(EvaluatorOptions& options, const Common& common, double evaluations) {
  if (common.backend == "cpu" && !common.devices.empty())
    fail(ExitCode::usage, "--devices has no effect with --backend cpu (which uses none); leave one of them out");
  options.threads = common.threads;
  options.backend = backend_named(common);
  options.devices = common.devices;
  options.expected_evaluations = evaluations;
}

BusId parse_bus(const Network& network, const std::string& name, const std::string& option) {
  if (const auto bus = network.find_bus(name)) return *bus;
  fail_input("unknown bus '{}' in {} (feeder {} has {} buses){}", name, option, network.name, network.buses.size(),
             did_you_mean(name, bus_names(network)));
}

UnitSite parse_site(const Network& network, const std::string& name, const std::string& option) {
  try {
    return find_site(network, name);
  } catch (const Error& e) {
    fail_input("{}: {}", option, e.what());
  }
}

void check_output(const std::string& out, const std::string& input) {
  namespace fs = std::filesystem;
  std::error_code none;
  if (!fs::exists(out, none)) return;
  if (fs::equivalent(out, input, none))
    fail(ExitCode::usage, "'{}' is the input (another file is needed to write to)", out);
  if (!is_hdf5(out))
    fail(ExitCode::usage, "'{}' is there and no HDF5 file (it is not replaced; remove it or name another)", out);
}

MonitorSet parse_monitors(const Network& network, const std::string& text) {
  if (text == "all" || network.monitor_lists.count(text)) return monitor_set(network, text);
  if (text.find(',') == std::string::npos && !network.find_bus(text))
    return monitor_set(network, text);  // says what there is
  MonitorSet set{"list", {}};
  for (const auto& name : split(text)) set.buses.push_back(parse_bus(network, name, "--monitors"));
  return set;
}

std::vector<std::pair<UnitSite, double>> parse_der(const Network& network, const std::vector<std::string>& entries) {
  std::vector<std::pair<UnitSite, double>> der;
  for (const auto& entry : entries) {
    const auto equals = entry.rfind('=');  // names may have one, too
    if (equals == std::string::npos) fail(ExitCode::usage, "--der '{}' is not BUS=KW (for example bus_17=71)", entry);
    const std::optional<double> kw = number_behind(entry, equals);
    if (!kw || !(*kw > 0) || *kw > 1e9)
      fail(ExitCode::usage, "--der '{}': '{}' is no size in kW (a positive number is needed)", entry,
           entry.substr(equals + 1));
    der.emplace_back(parse_site(network, entry.substr(0, equals), "--der"), *kw);
  }
  return der;
}

Limits parse_limits(const std::vector<std::string>& entries) {
  Limits limits;
  std::vector<std::string> names;
  for (const LimitKey& k : kLimitKeys) names.emplace_back(k.name);
  for (const auto& entry : entries) {
    const auto equals = entry.find('=');
    if (equals == std::string::npos)
      fail(ExitCode::usage, "--limit '{}' is not KEY=VALUE (for example unbalance_pct=3)", entry);
    const std::string name = entry.substr(0, equals);
    const auto found = std::ranges::find(names, name);
    if (found == names.end())
      fail(ExitCode::usage, "unknown limit '{}' in --limit (the keys of a study's [limits]){}", name,
           did_you_mean(name, names));
    const std::optional<double> x = number_behind(entry, equals);
    if (!x || !std::isfinite(*x) || *x < 0)
      fail(ExitCode::usage, "--limit '{}': a finite number is needed, at least 0", entry);
    limits.*kLimitKeys[static_cast<std::size_t>(found - names.begin())].member = *x;
  }
  for (const LimitPair& p : kLimitPairs)
    if (limits.*p.low >= limits.*p.high)
      fail(ExitCode::usage, "--limit: {} ({} pu) is not below {} ({} pu)", p.low_name, limits.*p.low, p.high_name,
           limits.*p.high);
  return limits;
}

Upgrades parse_upgrades(const Network& network, const std::vector<std::string>& lines) {
  Upgrades upgrades;
  for (const auto& name : lines) {
    const auto branch = network.find_branch(name);
    if (!branch) {
      std::vector<std::string> names;
      for (const Bus& b : network.buses)
        if (b.branch.kind == BranchKind::line) names.push_back(b.branch.name.substr(5));
      fail_input("unknown line '{}' in --upgrade (feeder {}){}", name, network.name, did_you_mean(name, names));
    }
    if (!network.buses[branch->index()].branch.upgradable)
      fail_input("'{}' in --upgrade cannot be upgraded (a switch, a transformer, or watched by a recloser or fuse)",
                 name);
    upgrades.emplace_back(*branch);
  }
  std::sort(upgrades.begin(), upgrades.end());
  upgrades.erase(std::unique(upgrades.begin(), upgrades.end()), upgrades.end());
  return upgrades;
}

}  // namespace gridqueue

#include "host/cli/command.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string_view>

#include "gridqueue/contracts.hpp"
#include "host/cli/option_check.hpp"
#include "host/core/files.hpp"
#include "host/core/text.hpp"
#include "host/model/bus_names.hpp"
#include "host/study/limit_keys.hpp"
#include "host/study/take.hpp"

namespace gridqueue {
namespace {

std::string without_outer_blanks(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, ',');) parts.push_back(without_outer_blanks(part));
  return parts;
}

//! Why an element that lies between two buses, but is not all of their branch or no straight line, is no line to
//! upgrade;
//! "" where there is no such element.
std::string why_no_line(const Network& network, const std::string& element) {
  const std::string wanted = lower_case(element);
  const auto& all = network.fixed_elements;
  const auto is_it = [&](const FixedElement& e) {
    return e.parent.valid() && (e.name == wanted || e.name == "line." + wanted);
  };
  const auto found = std::ranges::find_if(all, is_it);
  if (found == all.end()) return {};
  const auto beside = [&](const FixedElement& e) { return e.parent.valid() && e.bus == found->bus && &e != &*found; };
  if (const auto other = std::ranges::find_if(all, beside); other != all.end())
    return fmt::format("it lies beside '{}', and elements side by side are not upgraded", other->name);
  return "it does not lead each of its phases straight to the same phase";
}

bool is_hdf5(const std::string& path) {
  char head[8] = {};
  std::ifstream(path, std::ios::binary).read(head, sizeof head);
  return std::string_view(head, sizeof head) == std::string_view("\x89HDF\r\n\x1a\n", sizeof head);
}

//! Whether the text stands at the beginning of a file.
bool begins_with_mark(const std::filesystem::path& path, const std::string& mark) {
  std::string head(4096, 0);
  std::ifstream in(path, std::ios::binary);
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  return head.find(mark) != std::string::npos;
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
  fail_input("unknown bus '{}' in {} (feeder {} has {} buses){}", name, option, network.name, network.num_buses(),
             did_you_mean(name, bus_names(network)));
}

UnitSite parse_site(const Network& network, const std::string& name, const std::string& option) {
  try {
    return find_site(network, without_outer_blanks(name));
  } catch (const Error& e) {
    fail_input("{}: {}", option, e.what());
  }
}

void check_output(const std::string& out, const std::string& input) {
  check_can_be_file(out);
  check_has_folder(out);
  namespace fs = std::filesystem;
  std::error_code none;
  const fs::path parent = fs::path(out).parent_path(), folder = parent.empty() ? fs::path(".") : parent;
  if (::access(folder.c_str(), W_OK) != 0) fail_input("cannot write '{}' ({})", out, std::strerror(errno));
  if (!fs::exists(out, none)) return;
  if (fs::equivalent(out, input, none))
    fail(ExitCode::usage, "'{}' is the input (another file is needed to write to)", out);
  if (!is_hdf5(out))
    fail(ExitCode::usage, "'{}' is there and no HDF5 file (it is not replaced; remove it or name another)", out);
}

void check_output_folder(const std::string& folder, const std::vector<std::string>& files, const std::string& main,
                         const std::string& mark) {
  namespace fs = std::filesystem;
  std::error_code none;
  if (fs::exists(folder, none) && !fs::is_directory(folder, none))
    fail(ExitCode::usage, "'{}' is no folder (it is not replaced; remove it or name another)", folder);
  if (begins_with_mark(fs::path(folder) / main, mark)) return;
  for (const std::string& name : files)
    if (const fs::path path = fs::path(folder) / name; fs::exists(path, none))
      fail(ExitCode::usage, "'{}' is there and not gridqueue's (it is not replaced; remove it or name another folder)",
           path.string());
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
    if (!x || !(*x >= 0 && *x <= kLargestNumber))
      fail(ExitCode::usage, "--limit '{}': a finite number is needed, 0 to {:g}", entry, kLargestNumber);
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
    if (const std::string why = why_no_line(network, name); !why.empty())
      fail_input("'{}' in --upgrade cannot be upgraded ({})", name, why);
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

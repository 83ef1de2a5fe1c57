// gridqueue import-dss, export-dss: OpenDSS models in and out.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "gridqueue/contracts.hpp"
#include "gridqueue/evaluation.hpp"
#include "gridqueue/log.hpp"
#include "host/cli/command.hpp"
#include "host/dss/check_day.hpp"
#include "host/dss/choose_days.hpp"
#include "host/dss/engine.hpp"
#include "host/dss/export.hpp"
#include "host/dss/import.hpp"
#include "host/dss/monitor_list.hpp"
#include "host/dss/private_folder.hpp"
#include "host/feeder/feeder_file.hpp"
#include "host/model/check_remark.hpp"
#include "host/run/progress.hpp"

namespace gridqueue {
namespace {

void check_import(const ImportArguments& a, Network& network) {
  constexpr double kNotTheFeeder = 1;  // [pu] beyond which something acts that is not here
  const auto start = std::chrono::steady_clock::now();
  network.check = check_days(a.master, a.options, *make_evaluator(network, checking_options(network)));
  const ImportCheck& c = network.check;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print(
      "checked against OpenDSS over {} day{}: voltages within {:.2g} pu{}, {} of {} taps differ, largest loading "
      "within "
      "{:.2g} % ({:.1f} s)\n",
      c.days, c.days == 1 ? "" : "s", c.voltage_pu, c.voltage_node.empty() ? "" : fmt::format(" ({})", c.voltage_node),
      c.wrong_taps, c.taps, c.loading_pct, seconds);
  if (c.steps_left_out > 0)
    log_warn("{} steps of the days checked do not converge in OpenDSS and were left out", c.steps_left_out);
  if (!(c.voltage_pu <= kNotTheFeeder))
    fail_input(
        "the days of '{}' are not OpenDSS's (voltages differ by {:.2g} pu{}, {} of {} taps; nothing was written): "
        "something acts that cannot be represented, such as a relay that units trip; disable it, or see with "
        "--no-check",
        a.master, c.voltage_pu, c.voltage_node.empty() ? "" : " at '" + c.voltage_node + "'", c.wrong_taps, c.taps);
  warn_of_difference(network);
}

//! What --start-hour names.
void choose_start_hours(ImportArguments& a) {
  std::vector<double>& hours = a.options.day.start_hours;
  if (a.start_hours.empty()) return;
  hours.clear();
  for (const auto& text : a.start_hours) {
    if (text == "auto" && a.start_hours.size() > 1)
      fail_input("--start-hour auto chooses the days itself (it stands alone)");
    if (text == "auto") break;
    hours.push_back(std::stod(text));
  }
  if (hours.empty())
    for (const ChosenDay& day : choose_days(a.master, a.options)) {
      fmt::print("day from hour {:.0f}: {}\n", day.start_hour, day.why);
      hours.push_back(day.start_hour);
    }
  std::sort(hours.begin(), hours.end());
  if (const auto twice = std::adjacent_find(hours.begin(), hours.end()); twice != hours.end())
    fail_input("--start-hour {} is given twice", *twice);
}

void tell_unknown_lengths(const Network& network) {
  std::vector<std::string> lines;
  for (const Bus& b : network.buses)
    if (Network::lacks_cost(b.branch)) lines.push_back(b.branch.name);
  if (lines.empty()) return;
  log_warn(
      "{} lines have a length without a unit ('{}'{}): what their upgrade costs is not known, and a study that would "
      "upgrade one stops there (--length-unit says it)",
      lines.size(), lines.front(), lines.size() > 1 ? ", ..." : "");
}

}  // namespace

void commands::import_dss(ImportArguments a) {
  for (const auto& list : a.lists) {
    auto [name, buses] = parse_monitor_list(list);
    a.options.monitor_lists[name] = buses;
  }
  const auto bar = std::make_shared<Progress>("import", std::chrono::seconds(10));
  a.options.progress = [bar](const std::string& what, double fraction) {
    if (fraction < 0) return bar->clear();
    bar->note(what);
    bar->at(fraction);
  };
  choose_start_hours(a);
  check_output(a.out, a.master);
  Network network = gridqueue::import_dss(a.master, a.options);
  if (!a.no_check) check_import(a, network);
  tell_unknown_lengths(network);
  write_feeder(network, a.out);
  fmt::print("{}: {} buses, {} loads, {} regulators, {} candidate buses -> {}\n", network.name, network.num_buses(),
             network.loads.size(), network.regulators.size(), network.candidate_buses.size(), a.out);
}

namespace {

void check_exported(const Network& network, const DssState& state) {
  if (const std::string reason = dss_unavailable_reason(); !reason.empty())
    return log_warn("the exported model is not checked ({})", reason);
  const PrivateFolder folder;
  const ImportCheck c = check_export(gridqueue::export_dss(network, state, folder.at("model")), network, state);
  if (c.days == 0)
    return log_warn(
        "the exported model is not checked (we find no solution for this state; 'gridqueue solve' says where)");
  fmt::print("checked in OpenDSS: voltages within {:.2g} pu{}, {} of {} taps differ\n", c.voltage_pu,
             c.voltage_node.empty() ? "" : fmt::format(" ({})", c.voltage_node), c.wrong_taps, c.taps);
  if (c.steps_left_out > 0)
    log_warn("{} steps of the exported model's day do not converge in OpenDSS and were left out", c.steps_left_out);
  if (c.wrong_taps > 0) log_warn("{} taps of the exported model's day differ from ours", c.wrong_taps);
}

}  // namespace

void commands::export_dss(const ExportArguments& a) {
  const Network network = read_feeder(a.feeder);
  check_output_folder(a.folder, exported_files(network), "Master.dss", kExportMark);
  const DssState state{parse_der(network, a.der), parse_upgrades(network, a.upgrades), a.factor};
  if (!a.no_check) check_exported(network, state);
  gridqueue::export_dss(network, state, a.folder);
  fmt::print("OpenDSS model of feeder {} written to '{}'\n", network.name, a.folder);
}

}  // namespace gridqueue

// What every subcommand shares.
#pragma once
#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "gridqueue/evaluation.hpp"
#include "host/linear/linear_evaluator.hpp"

namespace gridqueue {

//! Options that many subcommands take.
struct Common {
  std::string command_line;  //!< as typed
  int threads = 0;           //!< 0 = all
  std::string backend = "auto";
  std::vector<int> devices;  //!< CUDA devices; empty = the first
  bool json = false;
};

//! Adds a subcommand; its callback does the work and may throw Error.
using AddCommand = void (*)(CLI::App& app, Common& common);

void add_import_dss(CLI::App& app, Common& common);
void add_export_dss(CLI::App& app, Common& common);
void add_info(CLI::App& app, Common& common);
void add_show(CLI::App& app, Common& common);
void add_solve(CLI::App& app, Common& common);
void add_hca(CLI::App& app, Common& common);
void add_run(CLI::App& app, Common& common);
void add_allocate(CLI::App& app, Common& common);
void add_report(CLI::App& app, Common& common);

void add_threads(CLI::App& command, Common& common);
void add_backend(CLI::App& command, Common& common);
//! --model: ac, linear or screened.
void add_model(CLI::App& command, PowerFlow& model);
CLI::Option* add_json(CLI::App& command, Common& common);

//! The word after --backend.
Backend backend_named(const Common& common);
//! Threads, backend and devices as typed; `evaluations` = the work to come, which decides for "auto".
void set_backend(EvaluatorOptions& options, const Common& common, double evaluations);

//! The evaluator that answers: `ac` itself, or the linearized feeder in front of it, for however few states; owned by
//! `linear`.
Evaluator& choose_model(Evaluator& ac, PowerFlow model, std::unique_ptr<LinearEvaluator>& linear);
//! Logs how far answers of the linearized feeder are from AC.
void log_difference(Evaluator& ac, const StateBatch& states, const std::vector<Quantities>& answers);

//! Monitors as the command line names them: "all", a list of the feeder, or "bus_1,bus_2".
MonitorSet parse_monitors(const Network& network, const std::string& text);
//! A bus by name; errors suggest the closest one.
BusId parse_bus(const Network& network, const std::string& name, const std::string& option);
//! A bus where PV can stand.
BusId parse_three_phase_bus(const Network& network, const std::string& name, const std::string& option);
//! "BUS=KW" entries.
std::vector<std::pair<BusId, double>> parse_der(const Network& network, const std::vector<std::string>& entries);
//! Lines by name, to child buses, ascending; refuses what cannot be upgraded.
std::vector<BusId> parse_upgrades(const Network& network, const std::vector<std::string>& lines);

}  // namespace gridqueue

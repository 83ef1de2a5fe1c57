// The commands: what each is told (options.cpp reads it from the command line), and what they share.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gridqueue/evaluation.hpp"
#include "host/dss/import.hpp"
#include "host/hosting/hosting_capacity.hpp"
#include "host/linear/linear_evaluator.hpp"
#include "host/run/overrides.hpp"

namespace gridqueue {

//! Options that many subcommands take.
struct Common {
  std::string command_line;  //!< as typed
  int threads = 0;           //!< 0 = all
  std::string backend = "auto";
  std::vector<int> devices;  //!< CUDA devices; empty = the first
  bool json = false;
};

struct RunArguments {
  std::string study, out, shard, answers;
  StudyOverrides overrides;
  bool resume = false, force = false, keep_answers = false;
  double memory_gb = 0, max_seconds = 0, wait_seconds = 60, save_seconds = 4;
};
struct MergeArguments {
  std::string folder, out;
  bool force = false, keep_answers = false;
  double memory_gb = 0;
};
struct SolveArguments {
  std::string feeder, monitors = "all", precision = "float", voltages;
  std::vector<std::string> der, upgrades, limits;
  PowerFlow model = PowerFlow::ac;
  bool steps = false;
};
struct HcaArguments {
  std::string feeder, monitors = "all", precision = "float", search = "bisect", phases = "3";
  std::vector<std::string> buses, der, upgrades, limits;
  HostingSearchOptions options;
  PowerFlow model = PowerFlow::ac;
};
struct ShowArguments {
  std::string results;
  std::optional<std::uint64_t> order, queue;
};
struct AllocateArguments {
  std::string results, feeder;
  std::vector<std::string> rules, lps;
};
struct ReportArguments {
  std::string results, out = "report";
};
struct ImportArguments {
  std::string master, out;
  DssImportOptions options;
  std::vector<std::string> lists, start_hours;  //!< of the days: hours, or "auto"
  bool no_check = false;
};
struct ExportArguments {
  std::string feeder, folder;
  std::vector<std::string> der, upgrades;
  double factor = 2;
  bool no_check = false;
};

//! They print their results on stdout and throw Error.
namespace commands {
void run(const RunArguments& a, const Common& common);
void merge(const MergeArguments& a, const Common& common);
void status(const std::string& folder, const Common& common);
void solve(const SolveArguments& a, const Common& common);
void hca(HcaArguments a, const Common& common);
void show(const ShowArguments& a, const Common& common);
void info(const std::string& file);
void allocate(const AllocateArguments& a, const Common& common);
void report(const ReportArguments& a);  //!< does not return: the Python program's exit code is ours
void import_dss(ImportArguments a);
void export_dss(const ExportArguments& a);
}  // namespace commands

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
//! Where PV can stand: BUS or BUS.1.2.
UnitSite parse_site(const Network& network, const std::string& name, const std::string& option);
//! Refuses to write over what is read, or over a file of another kind (HDF5 files may be replaced).
void check_output(const std::string& out, const std::string& input);
//! Likewise for files in a folder: refuses where one is there, unless `main` is among them and has `mark`, which says
//! that gridqueue wrote it.
void check_output_folder(const std::string& folder, const std::vector<std::string>& files, const std::string& main,
                         const std::string& mark);
//! "BUS=KW" entries.
std::vector<std::pair<UnitSite, double>> parse_der(const Network& network, const std::vector<std::string>& entries);
//! "KEY=VALUE" entries, keys of a study's [limits]; the others keep their defaults.
Limits parse_limits(const std::vector<std::string>& entries);
//! Lines by name, to child buses, ascending; refuses what cannot be upgraded.
Upgrades parse_upgrades(const Network& network, const std::vector<std::string>& lines);

}  // namespace gridqueue

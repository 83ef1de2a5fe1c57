// The options of every command: the one file that says them, and with app.cpp the only that knows CLI11.
#include "host/cli/options.hpp"

#include <map>
#include <memory>

#include "host/cli/option_check.hpp"

namespace gridqueue {
namespace {

CLI::Validator valid(OptionCheck check) { return {std::move(check), ""}; }

void add_threads(CLI::App& command, Common& common) {
  command.add_option("--threads", common.threads, "CPU threads (0 = all); results do not depend on it")
      ->transform(valid(whole_number(0, 4096)))
      ->type_name("N");
}

void add_memory(CLI::App& command, double& gb) {
  command
      .add_option(
          "--memory", gb,
          "end where the run takes more memory, all saved (exit code 4; default: nearly all of the machine's, or of "
          "its control group's)")
      ->transform(valid(number_between(0.01, 1e6)))
      ->type_name("GB");
}

void add_backend(CLI::App& command, Common& common) {
  command
      .add_option("--backend", common.backend,
                  "auto (cuda where a device can run and the work is worth its start), cpu or cuda")
      ->check(valid(one_of({"auto", "cpu", "cuda"})))
      ->type_name("WORD")
      ->capture_default_str();
  command
      .add_option("--devices", common.devices,
                  "CUDA devices that share the work (default: 0); results do not depend on it")
      ->delimiter(',')
      ->transform(valid(whole_number(0, 1023)))
      ->type_name("N");
}

CLI::Option* add_json(CLI::App& command, Common& common) {
  return command.add_flag("--json", common.json, "machine-readable result on stdout");
}

void add_model(CLI::App& command, PowerFlow& model) {
  static const std::map<std::string, PowerFlow> words{
      {"ac", PowerFlow::ac}, {"linear", PowerFlow::linear}, {"screened", PowerFlow::screened}};
  command
      .add_option_function<std::string>(
          "--model", [&model](const std::string& word) { model = words.at(word); },
          "ac, linear (the linearized feeder), or screened (AC wherever a limit is near)")
      ->check(valid(one_of({"ac", "linear", "screened"})))
      ->type_name("WORD")
      ->default_str("ac");
}

void add_run(CLI::App& app, Common& common) {
  auto a = std::make_shared<RunArguments>();
  CLI::App* c = app.add_subcommand("run", "Walk the orders of a study through triggers, upgrades and costs");
  c->add_option("study", a->study, "study file (.toml)")->required();
  c->add_option("--out", a->out, "results file (default: output.file of the study)");
  c->add_option("--orders", a->overrides.orders,
                "number of orders (default: orders.count of the study); at most, where it has a stopping rule")
      ->transform(valid(whole_number(1)))
      ->type_name("N");
  c->add_option("--seed", a->overrides.seed, "seed of the orders (default: orders.seed of the study)")
      ->transform(valid(whole_number(0)))
      ->type_name("N");
  c->add_option("--max-states", a->overrides.max_states,
                "largest lattice for method \"all\" (default: orders.max_states of the study)")
      ->transform(valid(whole_number(1)))
      ->type_name("N");
  auto* resume =
      c->add_flag("--resume", a->resume, "go on with a run that was interrupted; start anew where there is none");
  auto* force = c->add_flag("--force", a->force, "replace a results file, and what an interrupted run has left")
                    ->excludes(resume);
  c->add_option("--max-seconds", a->max_seconds, "end early after so long, as by a signal (exit code 6)")
      ->transform(valid(number_between(0, 1e9)))
      ->type_name("S");
  add_memory(*c, a->memory_gb);
  c->add_option("--save-seconds", a->save_seconds,
                "save what is worked out after so long first, then ever less often (up to five minutes)")
      ->transform(valid(number_between(0.001, 300)))
      ->type_name("S")
      ->capture_default_str();
  auto* answers = c->add_option("--answers", a->answers,
                                "a folder of answers that studies share: those in it are used, new ones go there");
  c->add_flag("--keep-answers", a->keep_answers, "leave the run's answers in the folder beside the results file")
      ->excludes(answers);
  auto* shard = c->add_option("--shard", a->shard,
                              "walk part i/N alone (slurm, slurm/N: the task of a job array); gridqueue merge ends it")
                    ->type_name("i/N")
                    ->excludes(resume)
                    ->excludes(force)
                    ->excludes(answers);
  c->add_option("--wait", a->wait_seconds, "of a shard: at most so long for answers that another one is working out")
      ->transform(valid(number_between(0, 1e6)))
      ->type_name("S")
      ->needs(shard)
      ->capture_default_str();
  add_backend(*c, common);
  add_threads(*c, common);
  add_json(*c, common);
  c->callback([a, &common] { commands::run(*a, common); });
}

void add_merge(CLI::App& app, Common& common) {
  auto a = std::make_shared<MergeArguments>();
  CLI::App* c = app.add_subcommand("merge", "Make the results file of a run that was walked in parts (run --shard)");
  c->add_option("folder", a->folder, "the run's folder (X.h5.d)")->required();
  c->add_option("--out", a->out, "results file (default: X.h5)");
  c->add_flag("--force", a->force, "replace a results file that is there");
  c->add_flag("--keep-answers", a->keep_answers, "leave the folder's answers where they are");
  add_memory(*c, a->memory_gb);
  add_threads(*c, common);
  add_json(*c, common);
  c->callback([a, &common] { commands::merge(*a, common); });
}

void add_status(CLI::App& app, Common& common) {
  auto folder = std::make_shared<std::string>();
  CLI::App* c = app.add_subcommand("status", "How far the parts of a run are");
  c->add_option("folder", *folder, "the run's folder (X.h5.d)")->required();
  add_json(*c, common);
  c->callback([folder, &common] { commands::status(*folder, common); });
}

void add_solve(CLI::App& app, Common& common) {
  auto a = std::make_shared<SolveArguments>();
  CLI::App* c = app.add_subcommand(
      "solve", "Evaluate one state of a feeder over a day: which limits are violated, where and when");
  c->add_option("feeder", a->feeder, "feeder file (.h5)")->required();
  c->add_option("--der", a->der, "PV at a bus or some phases of it, BUS=KW, BUS.1.2=KW; may be repeated");
  c->add_option("--upgrade", a->upgrades, "an upgraded line; may be repeated");
  c->add_option("--monitors", a->monitors, "all, a list of the feeder, or buses with commas")->capture_default_str();
  c->add_option("--limit", a->limits, "KEY=VALUE as in a study's [limits], e.g. unbalance_pct=3; may be repeated");
  c->add_option("--precision", a->precision, "float or double")
      ->check(valid(one_of({"float", "double"})))
      ->type_name("WORD")
      ->capture_default_str();
  c->add_option(
      "--voltages", a->voltages,
      "write voltages [step, node] and taps [step, regulator], always AC's, to this HDF5 file; --json has the "
      "day's extremes and its name");
  c->add_flag("--steps", a->steps,
              "with --json: also every step's extremes, always AC's: voltages and loading with their places, taps, "
              "capacitors");
  add_model(*c, a->model);
  add_backend(*c, common);
  add_threads(*c, common);
  add_json(*c, common);
  c->callback([a, &common] { commands::solve(*a, common); });
}

void add_hca(CLI::App& app, Common& common) {
  auto a = std::make_shared<HcaArguments>();
  CLI::App* c = app.add_subcommand("hca", "Hosting capacity of each bus on its own");
  c->add_option("feeder", a->feeder, "feeder file (.h5)")->required();
  c->add_option("--buses", a->buses, "buses, or phases of them: BUS.1.2 (default: what --phases says)")->delimiter(',');
  c->add_option(
       "--phases", a->phases,
       "3 (every three-phase bus that carries nothing), 1 (each phase of the other buses, and secondaries) or any")
      ->check(valid(one_of({"3", "1", "any"})))
      ->type_name("WORD")
      ->capture_default_str();
  c->add_option("--der", a->der, "PV that is already there, as in solve; may be repeated");
  c->add_option("--upgrade", a->upgrades, "a line that is already upgraded; may be repeated");
  c->add_option("--monitors", a->monitors, "all, a list of the feeder, or buses with commas")->capture_default_str();
  c->add_option("--limit", a->limits, "KEY=VALUE as in a study's [limits], e.g. unbalance_pct=3; may be repeated");
  c->add_option("--precision", a->precision, "float or double")
      ->check(valid(one_of({"float", "double"})))
      ->type_name("WORD")
      ->capture_default_str();
  c->add_option("--tolerance-kw", a->options.tolerance_kw, "width of the final bracket")
      ->transform(valid(number_between(1e-3, 1e4)))
      ->type_name("KW")
      ->capture_default_str();
  c->add_option("--search", a->search,
                "bisect (doubling from 100 kW) or first (smallest violating size on a 10 kW grid)")
      ->check(valid(one_of({"bisect", "first"})))
      ->type_name("WORD")
      ->capture_default_str();
  add_model(*c, a->model);
  add_backend(*c, common);
  add_threads(*c, common);
  add_json(*c, common);
  c->callback([a, &common] { commands::hca(*a, common); });
}

void add_show(CLI::App& app, Common& common) {
  auto a = std::make_shared<ShowArguments>();
  CLI::App* c = app.add_subcommand(
      "show", "The summary of a results file, one order's walk, step by step, or one of many queues");
  c->add_option("results", a->results, "results file (.h5)")->required();
  auto* chosen = c->add_option("--order", a->order, "number of the order, from 0 as in the file (default: the summary)")
                     ->transform(valid(whole_number(0)))
                     ->type_name("N");
  c->add_option("--queue", a->queue, "number of the queue, from 0 as in the file, of a study of many")
      ->transform(valid(whole_number(0)))
      ->type_name("N")
      ->excludes(chosen);
  add_json(*c, common)->excludes(chosen);
  c->callback([a, &common] { commands::show(*a, common); });
}

void add_info(CLI::App& app, Common&) {
  auto path = std::make_shared<std::string>();
  CLI::App* c = app.add_subcommand("info", "What is in a feeder or results file");
  c->add_option("file", *path, "feeder or results file (.h5)")->required();
  c->callback([path] { commands::info(*path); });
}

void add_allocate(CLI::App& app, Common& common) {
  auto a = std::make_shared<AllocateArguments>();
  CLI::App* c = app.add_subcommand(
      "allocate", "Who should pay: sharing rules of a results file, or the constraint matrix of a linear program");
  c->add_option("results", a->results, "results file (.h5); its group /allocation is written");
  c->add_option("--rule", a->rules,
                "trigger, shapley (or mean-over-orders, the same numbers: what they are called follows from the order "
                "gap), pro-rata-kw, delta-hosting-capacity, constraint-matrix; may be repeated (default: those of the "
                "study, else all)")
      ->delimiter(',');
  c->add_option("--feeder", a->feeder, "feeder file (.h5), where it has moved since the run");
  c->add_option("--lp", a->lps, "linear program (.toml); may be repeated");
  add_backend(*c, common);
  add_threads(*c, common);
  add_json(*c, common);
  c->callback([a, &common] { commands::allocate(*a, common); });
}

void add_report(CLI::App& app, Common&) {
  auto a = std::make_shared<ReportArguments>();
  CLI::App* c = app.add_subcommand(
      "report", "An interactive page of a results file, with every figure as PNG and CSV (needs Python)");
  c->add_option("results", a->results, "results file (.h5)")->required();
  c->add_option("--out", a->out, "folder of the report; made where it is missing")->capture_default_str();
  c->callback([a] { commands::report(*a); });
}

//! The day that an import covers, and what precedes it.
void add_day(CLI::App& command, ImportArguments& arguments) {
  DssImportOptions& options = arguments.options;
  command.add_option("--mode", options.day.mode, "daily or yearly: which of OpenDSS's shapes count")
      ->check(valid(one_of({"daily", "yearly"})))
      ->type_name("WORD")
      ->capture_default_str();
  command
      .add_option("--start-hour", arguments.start_hours,
                  "hour of the shapes in which a day begins (default: 0); may be repeated; auto: the days of a year of "
                  "lowest daytime load, highest load, and largest sun against load")
      ->transform(valid(number_or("auto", number_between(0, 8760))))
      ->allow_extra_args(false)
      ->type_name("HOUR");
  command.add_option("--steps", options.day.steps, "number of steps of a day")
      ->transform(valid(whole_number(1, 1000000)))
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--step-s", options.day.step_s, "length of a step in seconds")
      ->transform(valid(number_between(1, 86400)))
      ->type_name("SECONDS")
      ->capture_default_str();
  command.add_option("--command", options.commands, "an OpenDSS command to run after compiling; may be repeated")
      ->allow_extra_args(false)
      ->type_name("COMMAND");
  command.add_option("--pv-shape", options.pv_shape,
                     "shape of the sun: a LoadShape, or FILE.csv of one number a line over a day or a year (default: "
                     "pcloud, or a made-up cloudy day)");
}

void add_import_dss(CLI::App& app, Common&) {
  auto a = std::make_shared<ImportArguments>();
  CLI::App* c =
      app.add_subcommand("import-dss", "Make a feeder file from an OpenDSS model, compiled by OpenDSS itself");
  c->add_option("master", a->master, "the model's main file (.dss)")->required();
  c->add_option("--out", a->out, "feeder file to write (.h5)")->required();
  c->add_option("--name", a->options.name, "name of the feeder");
  add_day(*c, *a);
  c->add_option("--feeder-head", a->options.feeder_head,
                "line from which on three-phase buses are candidates for units (default: from the substation on)")
      ->type_name("LINE");
  c->add_option("--length-unit", a->options.length_unit,
                "unit of lines' lengths that have none: mi, kft, km, m, ft, in, cm or mm (default: their cost is not "
                "known)")
      ->check(valid(one_of({"mi", "kft", "km", "m", "ft", "in", "cm", "mm"})))
      ->type_name("WORD");
  c->add_option("--monitors-list", a->lists,
                "a named list of monitored buses, NAME=bus_1,bus_2 or NAME=FILE.json; may be repeated");
  c->add_option("--origin", a->options.origin, "where the model comes from");
  c->add_option("--licence", a->options.licence, "the model's licence");
  c->add_option("--dss-library", a->options.library, "libdss_capi, or the folder it is in");
  c->add_flag("--no-check", a->no_check, "do not compare days of the feeder with OpenDSS's own");
  c->callback([a] { commands::import_dss(*a); });
}

void add_export_dss(CLI::App& app, Common&) {
  auto a = std::make_shared<ExportArguments>();
  CLI::App* c = app.add_subcommand("export-dss", "Write an OpenDSS model of a state of a feeder");
  c->add_option("feeder", a->feeder, "feeder file (.h5)")->required();
  c->add_option("folder", a->folder, "folder to write to")->required();
  c->add_option("--der", a->der, "PV at a bus or some phases of it, BUS=KW, BUS.1.2=KW; may be repeated");
  auto* upgrade = c->add_option("--upgrade", a->upgrades, "an upgraded line; may be repeated");
  c->add_option("--factor", a->factor, "what an upgrade divides a line's length and multiplies its ratings by")
      ->transform(valid(number_between(1, 1e6)))
      ->type_name("NUMBER")
      ->capture_default_str()
      ->needs(upgrade);
  c->add_flag("--no-check", a->no_check, "do not compare the model's day in OpenDSS with that of the state");
  c->callback([a] { commands::export_dss(*a); });
}

}  // namespace

void add_commands(CLI::App& app, Common& common) {
  for (const auto add : {add_run, add_merge, add_status, add_solve, add_hca, add_show, add_info, add_allocate,
                         add_report, add_import_dss, add_export_dss})
    add(app, common);
}

}  // namespace gridqueue

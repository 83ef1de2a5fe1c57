#include "host/cli/app.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/cli/option_check.hpp"
#include "host/cli/options.hpp"
#include "host/run/version.hpp"

namespace gridqueue {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 done, 1 internal error, 2 command line, 3 bad input file or value, 4 backend or library missing,\n"
    "5 the power flow does not converge, 6 interrupted (what was committed is in the file).";

std::string typed(int argc, char** argv) {
  std::string line = "gridqueue";
  for (int i = 1; i < argc; ++i) line += std::string(" ") + argv[i];
  return line;
}

bool is_option(const std::string& word) { return word.size() > 1 && word[0] == '-'; }

std::string full_name(const CLI::App& command) {
  return command.get_parent() ? "gridqueue " + command.get_name() : "gridqueue";
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

std::string unknown_option(const CLI::App& command, const std::string& typed) {
  const std::string name = typed.substr(0, typed.find('='));
  return fmt::format("unknown option '{}' ({} --help lists what there is){}", name, full_name(command),
                     did_you_mean(name, option_names(command)));
}

std::string unknown_command(const CLI::App& app, const std::string& typed) {
  const auto names = command_names(app);
  return fmt::format("unknown command '{}' (there are {}){}", typed, fmt::join(names, ", "),
                     did_you_mean(typed, names));
}

//! "problem (why) suggestion", with the closest name for what is misspelt.
std::string usage_message(const CLI::App& app, const CLI::ParseError& error) {
  const auto chosen = app.get_subcommands();
  const CLI::App& command = chosen.empty() ? app : *chosen.front();
  // first what nothing took: CLI11 may name what is missing because of it instead
  for (const CLI::App* at : {&app, &command})
    for (const std::string& word : at->remaining())
      if (is_option(word)) return unknown_option(*at, word);
  if (const auto words = app.remaining(); !words.empty()) return unknown_command(app, words.front());
  if (const auto words = command.remaining(); !words.empty() && dynamic_cast<const CLI::ExtrasError*>(&error))
    return fmt::format("'{}' is one argument too many ({} --help lists what it takes)", words.front(),
                       full_name(command));
  return fmt::format("{} ({} --help says more)", error.what(), full_name(command));
}

int run_parsed(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
    return static_cast<int>(ExitCode::ok);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);  // --help, --version
    fmt::print(stderr, "gridqueue: {}\n", usage_message(app, e));
    return static_cast<int>(ExitCode::usage);
  } catch (const Error& e) {
    fmt::print(stderr, "gridqueue: {}\n", e.what());
    return static_cast<int>(e.code());
  } catch (const std::exception& e) {
    fmt::print(stderr, "gridqueue: internal error: {}\n", e.what());
    return static_cast<int>(ExitCode::internal);
  }
}

}  // namespace

int run_app(int argc, char** argv) {
  start_log();
  CLI::App app("Who pays for grid upgrades when solar projects queue: costs over every order of the queue.",
               "gridqueue");
  app.footer(kFooter);
  app.require_subcommand(1);
  app.fallthrough(false);
  app.set_version_flag("--version", version_text(), "version, commit and backends");
  Common common;
  common.command_line = typed(argc, argv);
  add_commands(app, common);
  return run_parsed(app, argc, argv);
}

}  // namespace gridqueue

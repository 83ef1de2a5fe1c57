#include "host/cli/app.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <new>
#include <stdexcept>
#include <system_error>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/cli/option_check.hpp"
#include "host/cli/options.hpp"
#include "host/core/standard_streams.hpp"
#include "host/run/version.hpp"

namespace gridqueue {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 done, 1 internal error, 2 command line, 3 bad input file or value, 4 backend or library missing,\n"
    "5 the power flow does not converge, 6 interrupted (run --resume goes on), 7 output that cannot be written (no\n"
    "space, an I/O error: run --resume goes on once that is mended; without a word where nobody reads the pipe).";

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

int fail_saying(ExitCode code, const std::string& message) {
  say(fmt::format("gridqueue: {}\n", message));
  return static_cast<int>(code);
}

//! What no part of the program foresees, but a user can cause.
int fail_of_system(const std::exception& e) {
  if (dynamic_cast<const std::bad_alloc*>(&e) || dynamic_cast<const std::length_error*>(&e))
    return fail_saying(ExitCode::unavailable,
                       "not enough memory for what was asked (a file or study too large for this machine?); free some, "
                       "or ask for less");
  if (dynamic_cast<const std::system_error*>(&e))  // of a file system, too
    return fail_saying(ExitCode::unavailable,
                       fmt::format("the system refuses: {}; see to that and try again", e.what()));
  return fail_saying(ExitCode::internal, fmt::format("internal error: {}", e.what()));
}

int run_parsed(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
    return static_cast<int>(ExitCode::ok);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);  // --help, --version
    return fail_saying(ExitCode::usage, usage_message(app, e));
  } catch (const Error& e) {
    if (*e.what() == 0) return static_cast<int>(e.code());  // another rank says it
    return fail_saying(e.code(), e.what());
  } catch (const std::exception& e) {
    if (std::ferror(stdout)) return static_cast<int>(ExitCode::output);  // said below
    return fail_of_system(e);
  }
}

//! An answer that did not arrive is none.
int after_printing(int code) {
  switch (finish_stdout()) {
    case Printed::whole: return code;
    case Printed::unwanted: return code == 0 ? static_cast<int>(ExitCode::output) : code;
    default:
      return fail_saying(ExitCode::output,
                         "what was to be printed cannot be written (no space, or an I/O error); "
                         "send it elsewhere");
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
  return after_printing(run_parsed(app, argc, argv));
}

}  // namespace gridqueue

#include "host/cli/app.hpp"

#include <fmt/core.h>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/cli/command.hpp"
#include "host/cli/usage_error.hpp"
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
  for (AddCommand add :
       {add_run, add_solve, add_hca, add_show, add_info, add_allocate, add_report, add_import_dss, add_export_dss})
    add(app, common);
  return run_parsed(app, argc, argv);
}

}  // namespace gridqueue

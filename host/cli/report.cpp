// gridqueue report: hands over to the Python package in python.
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include "gridqueue/contracts.hpp"
#include "gridqueue/installation.hpp"
#include "host/cli/command.hpp"
#include "host/core/files.hpp"

namespace gridqueue {
namespace {

namespace fs = std::filesystem;

//! Folder of the package: in the source tree of a build folder, else beside the installed program.
fs::path package_folder() {
  const std::string source = build_place("source");
  const fs::path place =
      source.empty() ? fs::path(program_folder()) / "../share/gridqueue/report" : fs::path(source) / "python";
  if (fs::exists(place / "gridqueue_report/__main__.py")) return fs::weakly_canonical(place);
  fail(ExitCode::unavailable,
       "the report's Python package is not in '{}' (the program was moved without it?); move the whole tree, or "
       "install gridqueue again (cmake --install)",
       place.string());
}

//! $GRIDQUEUE_PYTHON, else the project's own environment, else the PATH's python3.
std::string python() {
  if (const char* chosen = std::getenv("GRIDQUEUE_PYTHON")) return chosen;
  const std::string source = build_place("source");
  const fs::path own = fs::path(source) / ".venv/bin/python";
  return !source.empty() && fs::exists(own) ? own.string() : "python3";
}

}  // namespace

//! Does not return: the Python program's exit code is ours.
void commands::report(const ReportArguments& a) {
  if (!is_file(a.results)) fail_input("no such results file '{}'", a.results);
  check_output_folder(a.out, {"index.html"}, "index.html", "content=\"gridqueue");
  const fs::path package = package_folder();
  const char* before = std::getenv("PYTHONPATH");
  const std::string path = package.string() + (before && *before ? std::string(":") + before : "");
  ::setenv("PYTHONPATH", path.c_str(), 1);
  ::setenv("PYTHONDONTWRITEBYTECODE", "1", 0);
  std::vector<std::string> words{python(), "-m", "gridqueue_report", a.results, "--out", a.out};
  std::vector<char*> argv;
  for (std::string& w : words) argv.push_back(w.data());
  argv.push_back(nullptr);
  std::signal(SIGPIPE, SIG_DFL);  // Python's own affair
  ::execvp(argv[0], argv.data());
  fail(ExitCode::unavailable,
       "the report needs Python 3, and '{}' cannot be started ({}); install python3 (in gridqueue's source tree, run "
       "`make python`), or name an interpreter with $GRIDQUEUE_PYTHON",
       words[0], std::strerror(errno));
}

}  // namespace gridqueue

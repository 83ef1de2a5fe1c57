#include "host/run/version.hpp"

#include <fmt/core.h>

#include <fstream>

#include "gridqueue/evaluation.hpp"

namespace gridqueue {

std::string program_version() { return GRIDQUEUE_VERSION; }
std::string program_commit() { return GRIDQUEUE_COMMIT; }

std::string version_text() {
  const std::string why = backend_unavailable_reason(Backend::cuda);
  return fmt::format("gridqueue {} (commit {})\nbackends: cpu{}", program_version(), program_commit(),
                     why.empty() ? ", cuda" : fmt::format("; cuda not usable here: {}", why));
}

std::string backend_device(const EvaluatorOptions& options) {
  if (options.backend == Backend::cuda) {
    std::string text;
    for (const auto& name : device_names(options)) text += (text.empty() ? "" : ", ") + name;
    return text;
  }
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);)
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  return "CPU";
}

}  // namespace gridqueue

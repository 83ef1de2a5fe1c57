#include "host/run/version.hpp"

#include <fmt/core.h>

#include "gridqueue/evaluation.hpp"

namespace gridqueue {

std::string program_version() { return GRIDQUEUE_VERSION; }
std::string program_commit() { return GRIDQUEUE_COMMIT; }

std::string version_text() {
  const std::string why = backend_unavailable_reason(Backend::cuda);
  return fmt::format("gridqueue {} (commit {})\nbackends: cpu{}", program_version(), program_commit(),
                     why.empty() ? ", cuda" : fmt::format("; cuda not usable here: {}", why));
}

}  // namespace gridqueue

#include "gridqueue/contracts.hpp"

namespace gridqueue {

void fail_with(ExitCode code, fmt::string_view format, fmt::format_args args) {
  throw Error(code, fmt::vformat(format, args));
}

void contract_failed(const char* kind, const char* what, const char* file, int line) {
  fail(ExitCode::internal, "{} failed: {} ({}:{}); this is a defect in gridqueue", kind, what, file, line);
}

}  // namespace gridqueue

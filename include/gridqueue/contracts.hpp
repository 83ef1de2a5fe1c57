// Errors a user can cause, and contracts a programmer can break.
// Message grammar of user errors: problem (why) suggestion?   e.g.
//   unknown bus 'bus_99' in queue.units[3] (feeder radial has 107 buses); did you mean 'bus_9'?
#pragma once
#include <fmt/core.h>

#include <stdexcept>
#include <string>

namespace gridqueue {

//! Process exit codes, documented by `gridqueue --help`.
enum class ExitCode : int {
  ok = 0,
  internal = 1,     //!< a defect in gridqueue
  usage = 2,        //!< command line cannot be understood
  input = 3,        //!< study, feeder or results file is missing, malformed or inconsistent
  unavailable = 4,  //!< a backend, library or memory asked for is not here
  numerics = 5,     //!< the power flow asked for does not converge
  interrupted = 6,  //!< stopped by a signal or --max-seconds; run --resume goes on
  output = 7,       //!< what was to be written cannot be: no space, an I/O error, nobody reads the pipe
};

class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  [[nodiscard]] ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

//! Formatting stays out of the callers (host/core/contracts.cpp).
[[noreturn]] void fail_with(ExitCode code, fmt::string_view format, fmt::format_args args);
[[noreturn]] void contract_failed(const char* kind, const char* what, const char* file, int line);

template <class... Args>
[[noreturn]] void fail(ExitCode code, fmt::format_string<Args...> format, Args&&... args) {
  fail_with(code, format, fmt::make_format_args(args...));
}

//! Bad input: always checked.
template <class... Args>
[[noreturn]] void fail_input(fmt::format_string<Args...> format, Args&&... args) {
  fail_with(ExitCode::input, format, fmt::make_format_args(args...));
}

}  // namespace gridqueue

//! Precondition, invariant, postcondition: always on, so keep them out of inner loops.
#define GQ_EXPECT(cond) ((cond) ? void(0) : ::gridqueue::contract_failed("precondition", #cond, __FILE__, __LINE__))
#define GQ_ENSURE(cond) ((cond) ? void(0) : ::gridqueue::contract_failed("postcondition", #cond, __FILE__, __LINE__))

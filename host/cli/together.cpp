#include "host/cli/together.hpp"

#include <fmt/core.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/run/progress.hpp"

namespace gridqueue {
namespace {

//! What fails on all ranks alike, the first one says, and ends the others before they do.
[[noreturn]] void end_all(const MpiSession& ranks, ExitCode code, const std::string& why) {
  using namespace std::chrono_literals;
  if (!ranks.first()) std::this_thread::sleep_for(1s);
  fmt::print(stderr, "gridqueue: rank {}: {}\n", ranks.rank(), why);
  std::fflush(nullptr);
  ranks.abort(static_cast<int>(code));
}

}  // namespace

void together(const std::function<void(const MpiSession&)>& body) {
  const MpiSession ranks;
  if (ranks.size() == 1) return body(ranks);
  if (!ranks.first()) log_as_rank(ranks.rank()), hide_progress();
  try {
    body(ranks);
    ranks.wait();
  } catch (const Error& e) {
    if (e.code() != ExitCode::interrupted) end_all(ranks, e.code(), e.what());
    std::fflush(nullptr);
    ranks.wait();
    throw Error(e.code(), ranks.first() ? e.what() : "");
  } catch (const std::exception& e) {
    end_all(ranks, ExitCode::internal, fmt::format("internal error: {}", e.what()));
  }
}

}  // namespace gridqueue

#include "gridqueue/log.hpp"

#include <spdlog/cfg/env.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace gridqueue {
namespace {

constexpr spdlog::level::level_enum kLevel[] = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn};

}  // namespace

void start_log() {
  auto log = spdlog::stderr_color_mt("gridqueue");
  log->set_pattern("gridqueue: %v");
  spdlog::set_default_logger(log);
  spdlog::cfg::load_env_levels();  // SPDLOG_LEVEL=debug
}

void log_as_rank(int rank) {
  spdlog::default_logger()->set_pattern(fmt::format("gridqueue: rank {}: %v", rank));
  if (spdlog::should_log(spdlog::level::info)) spdlog::set_level(spdlog::level::warn);
}

void log_with(LogLevel level, fmt::string_view format, fmt::format_args args) {
  const auto wanted = kLevel[static_cast<int>(level)];
  if (spdlog::should_log(wanted)) spdlog::log(wanted, fmt::vformat(format, args));
}

}  // namespace gridqueue

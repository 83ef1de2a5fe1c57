// What the program says beside its results, on stderr. Which library writes it only host/core/log.cpp knows: its
// headers cost every file that includes them seconds.
#pragma once
#include <fmt/core.h>

namespace gridqueue {

enum class LogLevel { debug, info, warn };

//! Plain lines on stderr; $SPDLOG_LEVEL says from which level on (info).
void start_log();
//! From now on warnings only, with the rank in front: what all ranks of a run have to say, the first one says.
void log_as_rank(int rank);
//! Nothing is formatted for a level that is not shown.
void log_with(LogLevel level, fmt::string_view format, fmt::format_args args);

template <class... Args>
void log_debug(fmt::format_string<Args...> format, Args&&... args) {
  log_with(LogLevel::debug, format, fmt::make_format_args(args...));
}
template <class... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
  log_with(LogLevel::info, format, fmt::make_format_args(args...));
}
template <class... Args>
void log_warn(fmt::format_string<Args...> format, Args&&... args) {
  log_with(LogLevel::warn, format, fmt::make_format_args(args...));
}

}  // namespace gridqueue

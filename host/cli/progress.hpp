// A progress bar on stderr, only on a terminal.
#pragma once
#include <fmt/core.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>

namespace gridqueue {

class Progress {
 public:
  explicit Progress(std::string what) : what_(std::move(what)), shown_(::isatty(STDERR_FILENO) != 0) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() {
    if (shown_) fmt::print(stderr, "\r\033[K");
  }

  void note(std::string text) { note_ = std::move(text); }  //!< shown behind the bar

  void at(double fraction) {
    if (!shown_) return;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    const auto filled = static_cast<std::size_t>(30 * fraction);
    fmt::print(stderr, "\r{} [{}{}] {:3.0f} %  {:.0f} s, {:.0f} s left  {}\033[K", what_, std::string(filled, '#'),
               std::string(30 - filled, '.'), 100 * fraction, seconds, fraction > 0 ? seconds / fraction - seconds : 0,
               note_);
    std::fflush(stderr);
  }

 private:
  std::string what_, note_;
  bool shown_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace gridqueue

#include "host/run/progress.hpp"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "host/core/standard_streams.hpp"

namespace gridqueue {
namespace {

constexpr std::chrono::milliseconds kRedraw{100};
bool hidden = false;

//! Columns of the terminal as it is now; 80 where it does not say.
std::size_t terminal_width() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

//! "45 %, 3 s, 4 s left" and the note.
std::string numbers(const ProgressState& s) {
  std::string text = fmt::format("{:3.0f} %, {:.0f} s", 100 * s.fraction, s.seconds);
  if (s.fraction > 0) text += fmt::format(", {:.0f} s left", s.seconds / s.fraction - s.seconds);
  return s.note.empty() ? text : text + ", " + s.note;
}

}  // namespace

std::string progress_bar(const ProgressState& s, std::size_t width) {
  constexpr std::size_t kLongest = 30, kShortest = 5, kFrame = 4;  // kFrame: " [" and "] "
  const std::string text = numbers(s);
  const std::size_t taken = s.what.size() + kFrame + text.size();
  const std::size_t bar = std::min(kLongest, width > taken ? width - taken : 0);
  if (bar < kShortest) return (s.what + " " + text).substr(0, width);
  const auto filled = static_cast<std::size_t>(static_cast<double>(bar) * std::clamp(s.fraction, 0.0, 1.0));
  return s.what + " [" + std::string(filled, '#') + std::string(bar - filled, '.') + "] " + text;
}

std::string progress_line(const ProgressState& s) { return s.what + ": " + numbers(s); }

Progress::Progress(std::string what, Clock::duration logged_every)
    : state_{std::move(what), "", 0, 0}, terminal_(::isatty(STDERR_FILENO) != 0),
      every_(terminal_ ? kRedraw : logged_every), next_(terminal_ ? start_ : start_ + every_) {}

void hide_progress() { hidden = true; }

void Progress::at(double fraction) {
  const auto now = Clock::now();
  if (hidden || now < next_) return;
  next_ = now + every_;
  state_.fraction = fraction;
  state_.seconds = std::chrono::duration<double>(now - start_).count();
  // a full last column would make some terminals begin a new line
  if (terminal_) say(fmt::format("\r{}\033[K", progress_bar(state_, terminal_width() - 1)));
  else say(fmt::format("gridqueue: {}\n", progress_line(state_)));
  drawn_ = terminal_;
}

void Progress::clear() {
  if (!drawn_) return;
  say("\r\033[K");
  drawn_ = false;
  next_ = {};
}

}  // namespace gridqueue

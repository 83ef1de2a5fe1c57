// How far a walk is, on stderr: a bar on a terminal, a plain line now and then in a log file.
#pragma once
#include <chrono>
#include <string>

namespace gridqueue {

//! What a bar shows.
struct ProgressState {
  std::string what, note;
  double fraction = 0, seconds = 0;  //!< [s] since the start
};

//! One line of at most `width` characters; the bar gives way first, then the end is cut off.
std::string progress_bar(const ProgressState& state, std::size_t width);
//! One line for a log file, as long as it needs to be.
std::string progress_line(const ProgressState& state);

//! From now on nothing is shown by this process.
void hide_progress();

class Progress {
  using Clock = std::chrono::steady_clock;

 public:
  explicit Progress(std::string what, Clock::duration logged_every = std::chrono::seconds(30));
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }

  void note(std::string text) { state_.note = std::move(text); }  //!< shown behind the bar
  void at(double fraction);
  void clear();  //!< takes the bar away, so that a message has the line for itself; at() draws it again

 private:
  ProgressState state_;
  bool terminal_, drawn_ = false;
  Clock::duration every_;
  Clock::time_point start_ = Clock::now(), next_;  //!< next_: when something is shown again
};

}  // namespace gridqueue

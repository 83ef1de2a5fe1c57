#include "host/run/interrupt.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <iterator>
#include <limits>
#include <numeric>

namespace gridqueue {
namespace {

using Clock = std::chrono::steady_clock;
std::atomic<bool> signalled{false};
std::atomic<Clock::rep> deadline{std::numeric_limits<Clock::rep>::max()};
std::atomic<bool> together{false}, agreed{false};
void on_signal(int) { signalled = true; }

constexpr double kShort = 0.1, kLong = 0.4;  //!< [s] for a slice

//! States first .. last - 1.
StateBatch slice_of(const StateBatch& all, std::size_t first, std::size_t last) {
  std::vector<std::size_t> states(last - first);
  std::iota(states.begin(), states.end(), first);
  return all.part(states);
}

}  // namespace

void catch_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  // what a batch system says may come twice (to all processes, and passed on by a launcher); XCPU comes every second
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGUSR1, SIGXCPU}) sigaction(signal, &action, nullptr);
  action.sa_flags = SA_RESETHAND;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
}

void interrupt_after(double seconds) {
  const auto wait = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  deadline = (Clock::now() + wait).time_since_epoch().count();
}

bool told_to_stop() { return signalled || Clock::now().time_since_epoch().count() > deadline; }

void interrupt_together(bool on) { together = on; }
void agree_to_stop() { agreed = true; }

bool interrupted() { return agreed || (!together && told_to_stop()); }

void check_interrupted() {
  if (interrupted()) throw Interrupted{};
}

std::vector<Quantities> InterruptibleEvaluator::evaluate(const StateBatch& states) {
  std::vector<Quantities> all;
  all.reserve(states.size());
  for (std::size_t first = 0; first < states.size();) {
    check_interrupted();
    const std::size_t last = std::min(states.size(), first + slice_);
    const auto start = std::chrono::steady_clock::now();
    auto part = first == 0 && last == states.size() ? evaluator_.evaluate(states)
                                                    : evaluator_.evaluate(slice_of(states, first, last));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    seconds_ += seconds;
    if (!fixed_ && seconds < kShort && last - first == slice_) slice_ *= 2;
    if (!fixed_ && seconds > kLong && slice_ / 2 >= std::max<std::size_t>(64, evaluator_.width())) slice_ /= 2;
    std::move(part.begin(), part.end(), std::back_inserter(all));
    first = last;
  }
  return all;
}

}  // namespace gridqueue

// Keys that may be left out, and words that stand for values.
#pragma once
#include <fmt/ranges.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "gridqueue/contracts.hpp"
#include "host/study/section.hpp"

namespace gridqueue {

//! One of a few words; the value belonging to it.
template <class T>
T word(const Said<std::string>& said, const std::vector<std::pair<std::string, T>>& words) {
  std::vector<std::string> names;
  for (const auto& [name, value] : words) {
    if (said.value == name) return value;
    names.push_back(name);
  }
  const std::string near = closest_name(said.value, names);
  fail_at(said.place, fmt::format("unknown word '{}' (known here: {}){}", said.value, fmt::join(names, ", "),
                                  near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
}

template <class T>
inline void take_word(const Section& s, const std::string& key, const std::vector<std::pair<std::string, T>>& words,
                      T& to) {
  if (const auto said = s.text(key)) to = word(*said, words);
}

template <class T>
void check_range(const Said<T>& said, T least, T most) {
  if (said.value < least) fail_at(said.place, fmt::format("{} is too small (at least {})", said.value, least));
  if (said.value > most) fail_at(said.place, fmt::format("{} is too large (at most {})", said.value, most));
}

//! What a quantity may be at most where nothing else is said, in any unit: prices, limits, widths.
constexpr double kLargestNumber = 1e12;
constexpr double kMostKw = 1e9;
constexpr std::int64_t kMostOrders = 1'000'000'000'000;  //!< weeks on any machine
constexpr std::int64_t kMostQueues = 1'000'000;
constexpr double kMostQueueUnits = 2e7;  //!< of all queues, which are drawn before the first is walked

inline void take_number(const Section& s, const std::string& key, double least, double& to,
                        double most = kLargestNumber) {
  const auto said = s.number(key);
  if (!said) return;
  check_range(*said, least, most);
  to = said->value;
}

inline void take_count(const Section& s, const std::string& key, std::int64_t least, std::uint64_t& to,
                       std::int64_t most = std::numeric_limits<std::int64_t>::max()) {
  const auto said = s.integer(key);
  if (!said) return;
  check_range(*said, least, most);
  to = static_cast<std::uint64_t>(said->value);
}

//! [orders]; the queue's size is not known yet.
void load_orders(const Section& s, OrdersEntry& orders);

}  // namespace gridqueue

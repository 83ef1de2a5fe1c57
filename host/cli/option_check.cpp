#include "host/cli/option_check.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "gridqueue/network.hpp"

namespace gridqueue {
namespace {

//! The whole text as a number; false where it is none, or one that does not fit.
template <class T>
bool read(const std::string& text, T& value) {
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stopped == end;
}

}  // namespace

OptionCheck whole_number(std::uint64_t least, std::uint64_t most) {
  const std::string range = most == std::numeric_limits<std::uint64_t>::max() ? fmt::format("{} or more", least)
                                                                              : fmt::format("{} to {}", least, most);
  return [=](std::string& text) {
    std::uint64_t value = 0;
    if (!read(text, value) || value < least || value > most)
      return fmt::format("'{}' is not allowed (a whole number is needed, {})", text, range);
    text = fmt::format("{}", value);
    return std::string();
  };
}

OptionCheck number_between(double least, double most) {
  return [=](std::string& text) {
    double value = 0;
    if (!read(text, value) || !(value >= least && value <= most))  // false of nan, too
      return fmt::format("'{}' is not allowed (a number is needed, {} to {})", text, least, most);
    text = fmt::format("{}", value);
    return std::string();
  };
}

OptionCheck number_or(std::string word, OptionCheck number) {
  return [word = std::move(word), number = std::move(number)](std::string& text) {
    if (text == word) return std::string();
    const std::string wrong = number(text);
    return wrong.empty() ? wrong : fmt::format("{}, or '{}'", wrong, word);
  };
}

OptionCheck one_of(std::vector<std::string> words) {
  return [words = std::move(words)](std::string& text) {
    if (std::find(words.begin(), words.end(), text) != words.end()) return std::string();
    return fmt::format("unknown word '{}' (known here: {}){}", text, fmt::join(words, ", "), did_you_mean(text, words));
  };
}

std::string did_you_mean(const std::string& wanted, const std::vector<std::string>& names) {
  const std::string close = closest_name(wanted, names);
  return close.empty() ? "" : fmt::format("; did you mean '{}'?", close);
}

}  // namespace gridqueue

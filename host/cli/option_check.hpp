// What options accept, said in words: in their messages, and without CLI11's own notation in `--help`.
#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace gridqueue {

//! Changes a text to what is read of it; returns what is wrong with it, or "".
using OptionCheck = std::function<std::string(std::string& text)>;

// Each of these is a transform, not a check: what CLI11 reads afterwards is the number in its plainest form, because it
// takes -4 for 2^64 - 4, 010 for eight, and a number beyond 64 bits for the largest there is.
OptionCheck whole_number(std::uint64_t least, std::uint64_t most = std::numeric_limits<std::uint64_t>::max());
OptionCheck number_between(double least, double most);

//! This word, or what the other check takes.
OptionCheck number_or(std::string word, OptionCheck number);

//! Exactly one of these words.
OptionCheck one_of(std::vector<std::string> words);

//! "; did you mean '...'?", or nothing where no name is close.
std::string did_you_mean(const std::string& wanted, const std::vector<std::string>& names);

}  // namespace gridqueue

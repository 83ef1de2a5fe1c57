// Spoils many files of a kind and judges what the commands that read them do.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "tests/fuzz/isolated.hpp"
#include "tests/fuzz/kinds.hpp"

namespace gridqueue::fuzz {

struct Fault {
  std::size_t mutation = 0;  //!< its number: --only repeats it
  std::string command, mutated, problem;
};

struct FuzzReport {
  std::size_t mutations = 0, commands = 0;
  std::size_t answered = 0, refused = 0;  //!< commands that ended with 0, with another documented code
  double seconds = 0, longest = 0, most_megabytes = 0;
  std::vector<Fault> faults;
};

//! What is wrong with how a command ended; "" = nothing. A documented exit code, with a reason where it is not 0; no
//! internal error; no signal, hang or sanitizer report; no number that is none in an answer.
std::string judge(const Command& command, const Ending& ending);

//! Mutations first .. first + count - 1 of a kind; each depends on the seed and its number alone.
FuzzReport fuzz(const Kind& kind, std::uint64_t seed, std::size_t first, std::size_t count);

}  // namespace gridqueue::fuzz

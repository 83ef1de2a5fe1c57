// What is spoilt, and which commands then read it. A new kind of file is one more entry of kinds().
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "tests/fuzz/isolated.hpp"
#include "tests/fuzz/random.hpp"

namespace gridqueue::fuzz {

//! A file to spoil, whole, and what a command needs beside it.
struct Sample {
  std::string file;
  std::string study;  //!< of a results file: what it is a run of
};

struct Kind {
  std::string name;
  //! Whole files in `folder`, made once.
  std::function<std::vector<Sample>(const std::string& folder)> samples;
  //! Spoils `path`; says how.
  std::function<std::string(const std::string& path, Random& random)> mutate;
  //! What reads the spoilt file `path`; `sample`: what it was before.
  std::function<std::vector<Command>(const std::string& path, const Sample& sample, Random& random)> commands;
  std::function<int(const Command&)> program = run_words;  //!< that knows these commands
};

const std::vector<Kind>& kinds();

}  // namespace gridqueue::fuzz

// One command of the program, run within this process's image but in a child of its own: milliseconds, and a crash, a
// hang or a leak stays there.
#pragma once
#include <functional>
#include <string>
#include <vector>

namespace gridqueue::fuzz {

struct Ending {
  int code = -1;         //!< exit code; -1 = it was killed by `signal`
  int signal = 0;        //!< that killed it; 0 = none
  bool stopped = false;  //!< it was asked to end (SIGTERM) after kPatience
  double seconds = 0;    //!< from the start to the end
  double megabytes = 0;  //!< largest resident memory
  std::string out, err;  //!< what it printed
};

constexpr double kPatience = 2;   //!< [s] then SIGTERM to a run: work without end is no fault where it ends when asked
constexpr double kWork = 20;      //!< [s] of processor time, then SIGKILL
constexpr double kHang = 60;      //!< [s] more, however busy the machine is, then SIGKILL
constexpr double kMemory = 1000;  //!< [MB] no input may need more

using Command = std::vector<std::string>;  //!< what is typed after the program's name

//! What the program does with these words; its exit code.
int run_words(const Command& words);
//! `folder`: where its output is kept meanwhile. `program`: other than the program itself.
Ending run_isolated(const Command& words, const std::string& folder,
                    const std::function<int(const Command&)>& program = run_words);

}  // namespace gridqueue::fuzz

// Commands that die, or find the disk full, at calls that change files (shim.c), or die at any moment.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "tests/cli/program.hpp"

namespace gridqueue::test {

constexpr int kKilled = 137;  // 128 + SIGKILL, as a shell says it

//! Of a command, those that change files.
struct Calls {
  long write = 0, sync = 0, name = 0;
  double seconds = 0;  //!< it took
};

//! A kill at each of some calls of every kind, spread evenly over a command's, as variables for the shim.
std::vector<std::string> kills_over(const Calls& calls, const Calls& kills);
//! Kills at the first calls from the one on that names this path.
std::vector<std::string> kills_from(const std::string& path, int kills);
//! Disks that are full from a write on, or a name, spread evenly over a command's.
std::vector<std::string> full_disks_over(const Calls& calls, int disks);

//! In a folder of a test's own.
class Striker {
 public:
  explicit Striker(const Folder& folder) : folder_(folder) {}
  //! What stands before a command. `fault`: variables of the shim.
  [[nodiscard]] std::string before(const std::string& fault) const;
  [[nodiscard]] Outcome strike(const std::string& fault, const std::string& arguments) const;
  //! Of a command that nothing happens to; it must end well.
  [[nodiscard]] Calls calls_of(const std::string& arguments) const;

 private:
  const Folder& folder_;
};

//! Kills the command after so many seconds, earlier where it has ended by then; its exit code. `anew` puts back what it
//! starts from.
int killed_after(double seconds, const std::string& arguments, const std::function<void()>& anew);

//! Kills that were planned, and those that happened.
class Kills {
 public:
  bool note(int code) { return ++planned_, code == kKilled && ++happened_; }
  ~Kills();  //!< fails the test where fewer than 90 % happened

 private:
  int planned_ = 0, happened_ = 0;
};

//! Different answers in the segments of a run's folder, all of which must be whole.
std::size_t answers_in(const std::string& folder);

}  // namespace gridqueue::test

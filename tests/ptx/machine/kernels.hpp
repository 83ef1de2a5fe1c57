// Translated functions by name, and what they have done.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "tests/ptx/machine/machine.hpp"

namespace ptx {

//! Null where there is none of that name.
const Function* function_named(const std::string& name);
//! Of the PTX, 90: sm_90.
int architecture();
std::string spelt(const char* symbol);

inline std::uint64_t num_accesses = 0;  //!< that were judged
inline std::uint64_t num_launches = 0;
//! Bytes of a load or store whose address could be of any space.
void count_generic(const char* space, std::uint32_t bytes);

//! What a kernel did in all its launches.
struct Done {
  std::uint64_t launches = 0;
  std::uint64_t items = 0;  //!< of run_items and run_teams: their first argument
  Work work;
};
//! Counts what happens until the end of the scope for a kernel.
class Counting {
 public:
  Counting(const Function& kernel, std::uint64_t items);
  Counting(const Counting&) = delete;
  Counting& operator=(const Counting&) = delete;
  ~Counting();

 private:
  Done& done_;
  Work before_;
};
//! One line of tab-separated values for each kernel that ran, under a heading: $GRIDQUEUE_PTX_COUNTS, where that is
//! set.
void write_counts();

}  // namespace ptx

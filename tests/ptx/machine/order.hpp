// Which accesses of a block's threads follow each other: only barriers order them. A lane's clock counts its barriers;
// at one, lanes learn how far the others' clocks had come. Barriers of the whole block are counted apart.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>

namespace ptx {

constexpr std::uint32_t kLanes = 32;

struct Clock {
  std::array<std::uint32_t, kLanes> seen{};  //!< of each lane of the warp, the own one among them
  std::uint32_t block_barriers = 0;
};

//! An access: which thread, and when.
struct Mark {
  std::uint32_t launch = 0;  //!< 0: none
  std::uint32_t block = 0, thread = 0;
  std::uint32_t clock = 0, block_barriers = 0;
  std::uint32_t line = 0;
};

//! Whether what `mark` says is before all that thread `thread` of the same block, at `now`, does next.
inline bool before(const Mark& mark, std::uint32_t thread, const Clock& now) {
  if (mark.thread == thread || mark.block_barriers < now.block_barriers) return true;
  return mark.thread / kLanes == thread / kLanes && mark.clock <= now.seen[mark.thread % kLanes];
}

//! The accesses to four bytes that matter to the next one.
struct Shadow {
  Mark writer;
  std::array<Mark, 2> readers;  //!< the last ones of two threads
  bool written = false;         //!< also by what needs no order

  void read(const Mark& mark) {
    const bool first = readers[0].thread == mark.thread && readers[0].launch == mark.launch;
    const bool second = readers[1].thread == mark.thread && readers[1].launch == mark.launch;
    if (!first && !second) std::swap(readers[0], readers[1]);
    readers[second && !first ? 1 : 0] = mark;
  }
};

}  // namespace ptx

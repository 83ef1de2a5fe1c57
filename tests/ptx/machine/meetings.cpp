// Barriers, votes and shuffles: what threads of a block do when they have met.
#include <bit>

#include "tests/ptx/machine/barriers.hpp"
#include "tests/ptx/machine/block.hpp"
#include "tests/ptx/machine/report.hpp"

namespace ptx {
namespace {

template <class F>
void each_lane(std::uint32_t mask, const F& f) {
  for (; mask; mask &= mask - 1) f(static_cast<std::uint32_t>(std::countr_zero(mask)));
}

//! The lane that a shuffle reads, and whether that is in the lane's segment (PTX ISA, shfl.sync).
std::pair<std::uint32_t, bool> source_of(const Wait& w, std::uint32_t lane) {
  const std::uint32_t segment = (w.c >> 8) & 31, clamp = w.c & 31, by = w.b & 31;
  const auto least = static_cast<int>(lane & segment), me = static_cast<int>(lane), distance = static_cast<int>(by);
  const int most = static_cast<int>((lane & segment) | (clamp & ~segment));
  int from = me;
  bool in_range = false;
  switch (w.how) {
    case Shuffle::up: from = me - distance, in_range = from >= most; break;
    case Shuffle::down: from = me + distance, in_range = from <= most; break;
    case Shuffle::bfly: from = me ^ distance, in_range = from <= most; break;
    case Shuffle::idx: from = least | static_cast<int>(by & ~segment), in_range = from <= most; break;
  }
  return {in_range ? static_cast<std::uint32_t>(from) : lane, in_range};
}

void order_warp(Thread* lanes, std::uint32_t mask) {
  std::array<std::uint32_t, kLanes> all{};
  each_lane(mask, [&](std::uint32_t l) {
    for (std::uint32_t k = 0; k < kLanes; ++k) all[k] = std::max(all[k], lanes[l].clock.seen[k]);
  });
  each_lane(mask, [&](std::uint32_t l) {
    lanes[l].clock.seen = all;
    ++lanes[l].clock.seen[l];
  });
}

std::uint32_t voters(const Thread* lanes, std::uint32_t mask) {
  std::uint32_t bits = 0;
  each_lane(mask, [&](std::uint32_t l) { bits |= lanes[l].wait.mine ? 1u << l : 0u; });
  return bits;
}

std::uint32_t alike(const Thread* lanes, std::uint32_t mask, std::uint64_t number) {
  std::uint32_t bits = 0;
  each_lane(mask, [&](std::uint32_t l) { bits |= lanes[l].wait.mine == number ? 1u << l : 0u; });
  return bits;
}

}  // namespace

void Block::meet(const Wait& wait) {
  Thread& t = *active_;
  t.wait = wait, t.waiting = true;
  if (wait.meeting == Meeting::block) {
    try_block();
  } else {
    const std::size_t lanes = std::min<std::size_t>(threads_.size() - t.index / kLanes * kLanes, kLanes);
    if (!(wait.mask >> (t.index % kLanes) & 1)) report("the thread's own lane is not in the mask", wait.line);
    if (lanes < kLanes && wait.mask >> lanes != 0)
      report("the mask names lanes that the block does not have", wait.line);
    try_warp(t.index);
  }
  active_ = &t;
  if (t.waiting) hand_over();
}

void Block::try_warp(std::uint32_t index) {
  const std::uint32_t base = index / kLanes * kLanes, mask = threads_[index].wait.mask;
  std::uint32_t here = 0;
  bool all = true;
  each_lane(mask, [&](std::uint32_t l) {
    if (base + l >= threads_.size()) return;
    const Thread& t = threads_[base + l];
    if (t.ended) return;
    here |= 1u << l;
    all = all && t.waiting && t.wait.meeting != Meeting::block && t.wait.mask == mask;
  });
  if (all) finish_warp(&threads_[base], here | 1u << index % kLanes);
}

void Block::finish_warp(Thread* lanes, std::uint32_t mask) {
  const Wait first = lanes[std::countr_zero(mask)].wait;
  Thread* const met_last = active_;
  const std::uint32_t votes = voters(lanes, mask);
  each_lane(mask, [&](std::uint32_t l) {
    Thread& t = lanes[l];
    active_ = &t;  // whom a report names
    if (t.wait.line != first.line || t.wait.meeting != first.meeting)
      report("lanes meet in different instructions", t.wait.line,
             "another lane is at line " + std::to_string(first.line));
    if (t.wait.meeting == Meeting::ballot) t.bits = votes;
    if (t.wait.meeting == Meeting::match) t.bits = alike(lanes, mask, t.wait.mine);
    if (t.wait.meeting == Meeting::shuffle) {
      const auto [from, in_range] = source_of(t.wait, l);
      if (!(mask >> from & 1)) report("shuffle from a lane that does not take part", t.wait.line);
      t.bits = mask >> from & 1 ? static_cast<std::uint32_t>(lanes[from].wait.mine) : 0xFFF4BAD0u;
      t.in_range = in_range;
    }
  });
  active_ = met_last;
  if (first.meeting == Meeting::warp) order_warp(lanes, mask);
  each_lane(mask, [&](std::uint32_t l) { lanes[l].waiting = false; });
}

//! Threads that have ended are not waited for.
void Block::try_block() {
  std::uint32_t yes = 0, there = 0;
  const Thread* first = nullptr;
  for (const Thread& t : threads_) {
    if (t.ended) continue;
    if (!t.waiting || t.wait.meeting != Meeting::block) return;
    if (!first) first = &t;
    ++there, yes += t.wait.mine ? 1 : 0;
  }
  if (!first) return;
  for (Thread& t : threads_) {
    if (t.ended) continue;
    if (t.wait.line != first->wait.line) {
      active_ = &t;
      report("threads of a block meet in different barriers", t.wait.line);
    }
    t.bits = yes, t.in_range = yes == there, t.waiting = false;
    ++t.clock.block_barriers;
  }
}

namespace {

Thread& met(const Wait& wait) {
  Block& block = *Block::running();
  Thread& me = block.active();
  block.meet(wait);
  return me;
}

}  // namespace

void sync_warp(std::uint32_t mask, std::uint32_t line) {
  if (waits_at(line)) met({Meeting::warp, mask, line});
}
void sync_block(std::uint32_t line) {
  if (waits_at(line)) met({Meeting::block, 0, line});
}
bool sync_block_any(bool mine, std::uint32_t line) { return met({Meeting::block, 0, line, mine}).bits > 0; }
bool sync_block_all(bool mine, std::uint32_t line) { return met({Meeting::block, 0, line, mine}).in_range; }
std::uint32_t sync_block_count(bool mine, std::uint32_t line) { return met({Meeting::block, 0, line, mine}).bits; }
std::uint32_t ballot(bool mine, std::uint32_t mask, std::uint32_t line) {
  return met({Meeting::ballot, mask, line, mine}).bits;
}
std::uint32_t match_any(std::uint64_t mine, std::uint32_t mask, std::uint32_t line) {
  return met({Meeting::match, mask, line, mine}).bits;
}
Shuffled shuffle(Shuffle how, std::uint32_t mine, std::uint32_t b, std::uint32_t c, std::uint32_t mask,
                 std::uint32_t line) {
  const Thread& me = met({Meeting::shuffle, mask, line, mine, how, b, c});
  return {me.bits, me.in_range};
}

}  // namespace ptx

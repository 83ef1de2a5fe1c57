// A block's threads as fibers of one thread of the host. In a ring (the lanes of a warp, or a block) each runs up to
// where it meets the others and hands over to the next, so that when the first goes on, all have come.
#include <cuda_runtime.h>

#include <cstdio>
#include <memory>
#include <vector>

#include "tests/cuda_emulation/device/fiber.hpp"
#include "tests/cuda_emulation/device/garbage.hpp"

constinit thread_local CudaIndex threadIdx, blockIdx, blockDim;

namespace cuda_emulation {
namespace {

struct Thread {
  Fiber fiber;
  bool ended = false;
  Meeting meeting = Meeting::none;     //!< where it waits or was last
  unsigned of_warp = 0, of_block = 0;  //!< meetings so far
};

//! A number each or one for all, of this meeting and of the one before, which some have not read yet.
struct Brought {
  std::uint64_t each[2][kWarp];
  bool any[2];
};

class Block {
 public:
  Block(const Grid& grid, unsigned block, const std::function<void()>& body, const Stacks& stacks)
      : body_(body), threads_(grid.threads), warps_(grid.threads / kWarp + 1), backward_(block % 2 == 1),
        shared_(std::make_unique<std::byte[]>(grid.shared)) {
    fill_with_garbage(shared_.get(), grid.shared);
    for (std::size_t i = 0; i < threads_.size(); ++i) threads_[i].fiber.prepare(stacks.bottom(i), enter);
  }

  void run() {
    active_ = first(false);
    Fiber::go(host_, threads_[at(active_)].fiber);
  }

  [[nodiscard]] void* shared() const { return shared_.get(); }

  void meet(Meeting meeting) {
    const int me = active_;
    const bool block = of_block(meeting);
    Thread& t = threads_[at(me)];
    t.meeting = meeting;
    ++(block ? t.of_block : t.of_warp);
    if (!block && me / kWarp * kWarp + kWarp > static_cast<int>(threads_.size())) refuse("a warp is not whole");
    if (me != first(!block)) check_met(me, step(me, -1, !block));
    const int to = step(me, 1, !block);
    if (threads_[at(to)].ended) refuse("a thread has ended where others wait for it");
    if (to != me) hand_over(me, to);
    if (me == first(!block)) check_met(me, step(me, -1, !block));
  }

  //! Numbers brought to the meeting that comes next.
  Brought& brought(bool block) { return block ? of_all_ : warps_[at(active_ / kWarp)]; }
  [[nodiscard]] unsigned parity(Meeting meeting) const {
    const Thread& t = threads_[at(active_)];
    return (of_block(meeting) ? t.of_block : t.of_warp) % 2;
  }
  [[nodiscard]] bool opens(Meeting meeting) const { return active_ == first(!of_block(meeting)); }
  static bool of_block(Meeting m) { return m == Meeting::syncthreads || m == Meeting::syncthreads_or; }

 private:
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }
  [[nodiscard]] int count() const { return static_cast<int>(threads_.size()); }
  //! Of the active thread's ring.
  [[nodiscard]] int first(bool warp) const {
    const int base = warp ? active_ / kWarp * kWarp : 0, size = warp ? kWarp : count();
    return backward_ ? base + size - 1 : base;
  }
  [[nodiscard]] int step(int from, int by, bool warp) const {
    const int base = warp ? from / kWarp * kWarp : 0, size = warp ? kWarp : count();
    return base + (from - base + (backward_ ? -by : by) + size) % size;
  }

  void check_met(int me, int other) const {
    const Thread &a = threads_[at(me)], &b = threads_[at(other)];
    const bool same_turn = a.of_block == b.of_block && (of_block(a.meeting) || a.of_warp == b.of_warp);
    if (!b.ended && a.meeting == b.meeting && same_turn) return;
    std::fprintf(
        stderr,
        "block %u, thread %d: meeting %d (%u in the warp, %u in the block); thread %d: %s meeting %d (%u, %u)\n",
        blockIdx.x, me, static_cast<int>(a.meeting), a.of_warp, a.of_block, other, b.ended ? "ended after" : "at",
        static_cast<int>(b.meeting), b.of_warp, b.of_block);
    refuse("threads that must meet have parted");
  }

  void hand_over(int from, int to) {
    active_ = to;
    Fiber::go(threads_[at(from)].fiber, threads_[at(to)].fiber);
    threadIdx.x = static_cast<unsigned>(active_);
  }

  static void enter();
  void end() {
    const int me = active_;
    threads_[at(me)].ended = true;
    int next = step(me, 1, false);
    while (next != me && threads_[at(next)].ended) next = step(next, 1, false);
    if (next != me) hand_over(me, next);
    Fiber::go(threads_[at(me)].fiber, host_);
  }

  const std::function<void()>& body_;
  std::vector<Thread> threads_;
  std::vector<Brought> warps_;
  Brought of_all_{};
  bool backward_;
  std::unique_ptr<std::byte[]> shared_;
  Fiber host_;
  bool entered_ = false;
  int active_ = 0;
};

thread_local Block* running = nullptr;

void Block::enter() {
  Block& b = *running;
  Fiber::entered(b.entered_ ? nullptr : &b.host_);
  b.entered_ = true;
  threadIdx.x = static_cast<unsigned>(b.active_);
  b.body_();
  b.end();
}

}  // namespace

void run_block(const Grid& grid, unsigned block, const std::function<void()>& thread) {
  thread_local Stacks stacks;
  stacks.reserve(grid.threads);
  blockIdx.x = block, blockDim.x = grid.threads;
  Block b(grid, block, thread, stacks);
  running = &b;
  b.run();
  running = nullptr;
}

int compute_capability() { return 90; }
KernelNeeds kernel_needs(const void*) { return {64, 1024, 0}; }  // of a host's function there is nothing to know
std::size_t gap_after_memory() { return 0; }                     // AddressSanitizer has its own
void* shared_memory() { return running->shared(); }
int rank() { return static_cast<int>(threadIdx.x) % kWarp; }
void meet(Meeting meeting) { running->meet(meeting); }

bool meet_any(Meeting meeting, bool mine) {
  Brought& b = running->brought(Block::of_block(meeting));
  bool& any = b.any[running->parity(meeting)];
  any = mine || (any && !running->opens(meeting));
  meet(meeting);
  return any;
}

std::uint64_t shuffle(unsigned mask, std::uint64_t mine, int source) {
  check_mask(mask);
  std::uint64_t(&each)[kWarp] = running->brought(false).each[running->parity(Meeting::shuffle)];
  each[rank()] = mine;
  meet(Meeting::shuffle);
  return each[source];
}

void check_mask(unsigned mask) {
  if (mask != 0xffffffffu) refuse("only whole warps shuffle here");
}

}  // namespace cuda_emulation

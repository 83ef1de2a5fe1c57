// A block of threads under way. Each runs on a stack of its own until it waits for others or ends; who goes on next is
// the schedule's choice, so that what hangs on it shows.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "tests/cuda_emulation/device/device.hpp"
#include "tests/cuda_emulation/device/fiber.hpp"
#include "tests/ptx/machine/machine.hpp"
#include "tests/ptx/machine/order.hpp"

namespace ptx {

constexpr std::uint32_t kReservedShared = 1024;  //!< [bytes] of a block's that are the system's, as on sm_80 and later

//! A kernel with its arguments.
struct Launch {
  const Function* function;
  cuda_emulation::Grid grid;
  int device;
  std::uint32_t serial;  //!< counts launches from 1
  bool judged;           //!< whether accesses to global memory must be ordered: ours; Thrust's tell flags apart
  std::vector<std::byte> arguments;
  std::vector<unsigned char*> at;  //!< of each
};

//! What a thread waits for the others with.
enum class Meeting { none, warp, ballot, match, shuffle, block };
struct Wait {
  Meeting meeting = Meeting::none;
  std::uint32_t mask = 0, line = 0;
  std::uint64_t mine = 0;
  Shuffle how{};
  std::uint32_t b = 0, c = 0;
};

struct Thread {
  cuda_emulation::Fiber fiber;
  std::byte* stack = nullptr;
  std::uint32_t index = 0;
  bool ended = false, waiting = false;
  Wait wait;
  std::uint32_t bits = 0;  //!< what a meeting gave
  bool in_range = false;
  Clock clock;
};

enum class Schedule { forward, backward, random };
Schedule schedule();  //!< GRIDQUEUE_PTX_ORDER

class Block {
 public:
  Block(const Launch& launch, std::uint32_t index, cuda_emulation::Stacks& stacks);
  void run();

  static Block* running() { return running_; }
  [[nodiscard]] const Launch& launch() const { return launch_; }
  [[nodiscard]] std::uint32_t index() const { return index_; }
  [[nodiscard]] Thread& active() const { return *active_; }
  [[nodiscard]] std::byte* shared() const { return shared_.get(); }
  [[nodiscard]] std::size_t shared_bytes() const { return shared_bytes_; }
  Shadow& shadow(std::size_t offset) { return shadow_[offset / 4]; }

  //! The active thread goes on when all have met.
  void meet(const Wait& wait);
  void hand_over();
  [[noreturn]] void end_thread();
  //! Nothing that the block does after this means anything.
  [[noreturn]] void abandon();

 private:
  static void enter();
  void resume(Thread& thread);
  void arrange();
  //! Threads that wait go on where all have come whom they wait for.
  void try_warp(std::uint32_t lane);
  void try_block();
  void finish_warp(Thread* lanes, std::uint32_t mask);
  void after_end(const Thread& ended);
  void say_stuck();

  static inline constinit thread_local Block* running_ = nullptr;
  const Launch& launch_;
  std::uint32_t index_;
  std::vector<Thread> threads_;
  std::vector<std::uint32_t> turn_;
  std::size_t shared_bytes_;
  std::unique_ptr<std::byte[]> shared_;
  std::vector<Shadow> shadow_;
  cuda_emulation::Fiber host_;
  Thread* active_ = nullptr;
  bool abandoned_ = false;
};

}  // namespace ptx

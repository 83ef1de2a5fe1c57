// All that translated PTX (tests/ptx/translate) includes: what an instruction asks of the machine that runs its thread.
#pragma once
#include <cstdint>

#include "tests/ptx/machine/values.hpp"
#include "tests/ptx/machine/work.hpp"

namespace ptx {

//! Return values and parameters of a function, each at its address.
using Body = void (*)(unsigned char* const* parameters);

//! Made known before main().
struct Function {
  const char* name;
  Body body;
  bool entry;
  std::uint32_t architecture;       //!< 90: sm_90
  const std::uint32_t* parameters;  //!< [num_parameters] [bytes] of each
  std::uint32_t num_parameters;
  std::uint32_t shared;        //!< [bytes] declared in it
  std::uint32_t most_threads;  //!< of a block; 0: not said
  std::uint32_t num_pieces;
  const Work* work;              //!< [num_pieces] of a straight piece of code
  const std::uint64_t* entered;  //!< [num_pieces] how often
};
struct Registered {
  explicit Registered(const Function& function);
};

enum class Space { generic, global, shared, local, param, constant };
//! How an access relates to those of other threads: strong ones (volatile, relaxed, atomic) need no barrier.
enum class Order { weak, strong };

//! Where an access of `bytes` goes, after it was judged; `line` is the PTX's.
template <Space S>
const void* load(std::uint64_t address, std::uint32_t bytes, std::uint32_t line, Order order = Order::weak);
template <Space S>
void* store(std::uint64_t address, std::uint32_t bytes, std::uint32_t line, Order order = Order::weak);

std::uint64_t from_shared(std::uint64_t offset);  //!< an address in shared memory to one of any space
std::uint64_t to_shared(std::uint64_t address);
std::uint32_t dynamic_shared();
void fill_local(void* data, std::uint32_t bytes);

struct Index {
  std::uint32_t thread, threads, block, blocks;
};
Index index();
inline std::uint32_t lane() { return index().thread % 32; }

void sync_warp(std::uint32_t mask, std::uint32_t line);
void sync_block(std::uint32_t line);
//! Whether any, or all, of a block's threads say so.
bool sync_block_any(bool mine, std::uint32_t line);
bool sync_block_all(bool mine, std::uint32_t line);
std::uint32_t sync_block_count(bool mine, std::uint32_t line);
//! Lanes of the mask that say so.
std::uint32_t ballot(bool mine, std::uint32_t mask, std::uint32_t line);
//! Lanes of the mask with the same number.
std::uint32_t match_any(std::uint64_t mine, std::uint32_t mask, std::uint32_t line);
enum class Shuffle { up, down, bfly, idx };
struct Shuffled {
  std::uint32_t bits;
  bool in_range;
};
Shuffled shuffle(Shuffle how, std::uint32_t mine, std::uint32_t b, std::uint32_t c, std::uint32_t mask,
                 std::uint32_t line);

void hand_over();                //!< another thread may go on
[[noreturn]] void end_thread();  //!< exit
[[noreturn]] void trap(std::uint32_t line);
[[noreturn]] void untranslated(const char* instruction, std::uint32_t line);

}  // namespace ptx

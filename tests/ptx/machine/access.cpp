// Loads and stores: whether there is memory of that kind, aligned, and in which order threads come to it.
#include <sys/mman.h>

#include <map>
#include <memory>
#include <new>

#include "tests/cuda_emulation/device/garbage.hpp"
#include "tests/cuda_emulation/device/runtime.hpp"
#include "tests/ptx/machine/block.hpp"
#include "tests/ptx/machine/kernels.hpp"
#include "tests/ptx/machine/report.hpp"

namespace ptx {
namespace {

using cuda_emulation::Address;

struct Access {
  Address address;
  std::uint32_t bytes, line;
  bool write;
  Order order;
};

//! What four bytes of an allocation have seen. Zeros say nothing has, so that pages are taken as they are touched.
class ShadowMemory {
 public:
  explicit ShadowMemory(std::size_t bytes) : bytes_(bytes) {
    words_ = mmap(nullptr, size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (words_ == MAP_FAILED) throw std::bad_alloc();
  }
  ShadowMemory(const ShadowMemory&) = delete;
  ShadowMemory& operator=(const ShadowMemory&) = delete;
  ~ShadowMemory() { munmap(words_, size()); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] Shadow* words() const { return static_cast<Shadow*>(words_); }

 private:
  [[nodiscard]] std::size_t size() const { return (bytes_ / 4 + 1) * sizeof(Shadow); }
  std::size_t bytes_;
  void* words_;
};
Shadow* shadow_of(Address begin, std::size_t bytes) {
  static auto* all = new std::map<Address, std::unique_ptr<ShadowMemory>>;
  std::unique_ptr<ShadowMemory>& memory = (*all)[begin];
  if (!memory || memory->bytes() != bytes) memory = std::make_unique<ShadowMemory>(bytes);
  return memory->words();
}

//! The allocation that was last come to.
struct Known {
  std::uint32_t launch = 0;
  Address begin = 0;
  std::size_t bytes = 0;
  Shadow* shadow = nullptr;
};
thread_local Known known;

std::string at(Address address) {
  char text[40];
  std::snprintf(text, sizeof text, "address %#llx", static_cast<unsigned long long>(address));
  return text;
}
std::string other(const Mark& mark) {
  return "thread " + std::to_string(mark.thread) + " of block " + std::to_string(mark.block) + " at line " +
         std::to_string(mark.line);
}

void judge_word(const Block& block, Shadow& word, const Access& a) {
  const Thread& me = block.active();
  const std::uint32_t launch = block.launch().serial;
  const auto unordered = [&](const Mark& m) {
    return m.launch == launch && (m.block != block.index() || !before(m, me.index, me.clock));
  };
  if (a.order == Order::weak && unordered(word.writer))
    report(a.write ? "write over what another thread wrote, no barrier between"
                   : "read of what another thread wrote, no barrier between",
           a.line, other(word.writer));
  if (a.write && a.order == Order::weak)
    for (const Mark& reader : word.readers)
      if (unordered(reader)) report("write over what another thread read, no barrier between", a.line, other(reader));
  if (a.order == Order::strong) return;
  const Mark mark{launch, block.index(), me.index, me.clock.seen[me.index % kLanes], me.clock.block_barriers, a.line};
  if (a.write) word.writer = mark;
  else word.read(mark);
}

void* in_shared(Block& block, const Access& a) {
  const auto base = reinterpret_cast<Address>(block.shared());
  const Address offset = a.address - base;
  if (offset < kReservedShared || offset + a.bytes > block.shared_bytes()) {
    report("access beyond the block's shared memory", a.line, "offset " + std::to_string(offset));
    block.abandon();
  }
  for (Address at = offset / 4 * 4; at < offset + a.bytes; at += 4) {
    Shadow& word = block.shadow(at);
    if (!a.write && word.writer.launch == 0 && !word.written) report("read of shared memory that nobody wrote", a.line);
    judge_word(block, word, a);
    word.written = word.written || a.write;
  }
  return reinterpret_cast<void*>(a.address);
}

void find(const Block& block, const Access& a) {
  const auto* data = reinterpret_cast<const void*>(a.address);
  const auto& pieces = cuda_emulation::runtime().pieces;
  const auto next = pieces.upper_bound(a.address);
  if (!cuda_emulation::on_device(data, a.bytes) || std::prev(next)->second.device != block.launch().device) {
    const bool pinned = cuda_emulation::piece_at(data, 1) && cuda_emulation::piece_at(data, 1)->device < 0;
    report(pinned ? "access to memory of the host" : "access beyond the memory of the device", a.line, at(a.address));
    Block::running()->abandon();
  }
  const auto& [begin, piece] = *std::prev(next);
  known = {block.launch().serial, begin, piece.bytes, shadow_of(begin, piece.bytes)};
}

void* in_global(const Block& block, const Access& a) {
  const bool here = known.launch == block.launch().serial && a.address >= known.begin &&
                    a.address + a.bytes <= known.begin + known.bytes;
  if (!here) find(block, a);
  if (cuda_emulation::copy_may_be_under_way(a.address, a.bytes))
    report("access to memory to which a copy of another stream may be under way", a.line, at(a.address));
  if (block.launch().judged)
    for (Address w = (a.address - known.begin) / 4; w <= (a.address - known.begin + a.bytes - 1) / 4; ++w)
      judge_word(block, known.shadow[w], a);
  return reinterpret_cast<void*>(a.address);
}

bool in_stack(const Thread& t, const Access& a) {
  const auto bottom = reinterpret_cast<Address>(t.stack);
  return a.address >= bottom && a.address + a.bytes <= bottom + cuda_emulation::Stacks::kBytes;
}
bool in_arguments(const Launch& launch, const Access& a) {
  const auto begin = reinterpret_cast<Address>(launch.arguments.data());
  return !a.write && a.address >= begin && a.address + a.bytes <= begin + launch.arguments.size();
}
void* in_own(Block& block, const Access& a, bool fits, const char* problem) {
  if (!fits) {
    report(problem, a.line, at(a.address));
    block.abandon();
  }
  return reinterpret_cast<void*>(a.address);
}

void* in_generic(Block& block, const Access& a) {
  const auto base = reinterpret_cast<Address>(block.shared());
  if (a.address >= base && a.address < base + block.shared_bytes()) {
    count_generic("shared", a.bytes);
    return in_shared(block, a);
  }
  const bool local = in_stack(block.active(), a), argument = in_arguments(block.launch(), a);
  count_generic(local ? "local" : argument ? "param" : "global", a.bytes);
  return local || argument ? reinterpret_cast<void*>(a.address) : in_global(block, a);
}

template <Space S>
void* place(Access a) {
  Block& block = *Block::running();
  ++num_accesses;
  if (a.address % a.bytes != 0)
    report("misaligned access", a.line, at(a.address) + ", " + std::to_string(a.bytes) + " bytes");
  if constexpr (S == Space::shared) {
    a.address += reinterpret_cast<Address>(block.shared());
    return in_shared(block, a);
  } else if constexpr (S == Space::global) {
    return in_global(block, a);
  } else if constexpr (S == Space::local) {
    return in_own(block, a, in_stack(block.active(), a), "access beyond the thread's local memory");
  } else if constexpr (S == Space::param) {
    const bool fits = in_arguments(block.launch(), a) || in_stack(block.active(), a);
    return in_own(block, a, fits, "access beyond a function's parameters");
  } else {
    return in_generic(block, a);
  }
}

}  // namespace

template <Space S>
const void* load(std::uint64_t address, std::uint32_t bytes, std::uint32_t line, Order order) {
  return place<S>({address, bytes, line, false, order});
}
template <Space S>
void* store(std::uint64_t address, std::uint32_t bytes, std::uint32_t line, Order order) {
  return place<S>({address, bytes, line, true, order});
}
#define GQ_ACCESSES(space)                                                                     \
  template const void* load<Space::space>(std::uint64_t, std::uint32_t, std::uint32_t, Order); \
  template void* store<Space::space>(std::uint64_t, std::uint32_t, std::uint32_t, Order);
GQ_ACCESSES(generic)
GQ_ACCESSES(global)
GQ_ACCESSES(shared)
GQ_ACCESSES(local)
GQ_ACCESSES(param)
#undef GQ_ACCESSES

std::uint64_t from_shared(std::uint64_t offset) {
  return reinterpret_cast<Address>(Block::running()->shared()) + offset;
}
std::uint64_t to_shared(std::uint64_t address) {
  return address - reinterpret_cast<Address>(Block::running()->shared());
}
std::uint32_t dynamic_shared() { return (Block::running()->launch().function->shared + 15) / 16 * 16; }
void fill_local(void* data, std::uint32_t bytes) { cuda_emulation::fill_with_garbage(data, bytes); }

Index index() {
  const Block& block = *Block::running();
  return {block.active().index, block.launch().grid.threads, block.index(), block.launch().grid.blocks};
}
void hand_over() { Block::running()->hand_over(); }
void end_thread() { Block::running()->end_thread(); }
void trap(std::uint32_t line) {
  report("trap", line);
  Block::running()->abandon();
}
void untranslated(const char* instruction, std::uint32_t line) {
  report("an instruction that is not translated was reached", line, instruction);
  Block::running()->abandon();
}

}  // namespace ptx

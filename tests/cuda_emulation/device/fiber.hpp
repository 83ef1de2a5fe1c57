// Several stacks on one thread of the host, switched by hand.
#pragma once
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(__x86_64__)
extern "C" void cuda_emulation_switch(void** from,
                                      void* to);  // ucontext asks the kernel at every switch: ten times slower
#else
#include <ucontext.h>
#endif

namespace cuda_emulation {

//! Stacks with a page between them that nobody may touch.
class Stacks {
 public:
  static constexpr std::size_t kBytes = std::size_t{512} << 10;

  Stacks() = default;
  Stacks(const Stacks&) = delete;
  Stacks& operator=(const Stacks&) = delete;
  ~Stacks() {
    if (all_) munmap(all_, count_ * each());
  }
  void reserve(std::size_t count) {
    if (count <= count_) return;
    if (all_) munmap(all_, count_ * each());
    void* p = mmap(nullptr, count * each(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) throw std::bad_alloc();
    all_ = static_cast<std::byte*>(p), count_ = count;
    for (std::size_t i = 0; i < count; ++i) mprotect(all_ + i * each(), page(), PROT_NONE);
  }
  [[nodiscard]] std::byte* bottom(std::size_t i) const { return all_ + i * each() + page(); }

 private:
  static std::size_t page() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }
  static std::size_t each() { return page() + kBytes; }
  std::byte* all_ = nullptr;
  std::size_t count_ = 0;
};

class Fiber {
 public:
  //! Will run `entry`, which must not return, on a stack of Stacks::kBytes.
  void prepare(std::byte* bottom, void (*entry)()) {
    bottom_ = bottom, bytes_ = Stacks::kBytes;
#if defined(__x86_64__)
    void** top = reinterpret_cast<void**>(bottom + Stacks::kBytes);
    *--top = nullptr;                              // where entry would return to
    *--top = reinterpret_cast<void*>(entry);       // where the switch returns to
    for (int i = 0; i < 6; ++i) *--top = nullptr;  // registers
    at_ = top;
#else
    getcontext(&at_);
    at_.uc_stack.ss_sp = bottom, at_.uc_stack.ss_size = Stacks::kBytes, at_.uc_link = nullptr;
    makecontext(&at_, entry, 0);
#endif
  }

  //! Leaves `from`, which runs, for `to`; returns when another comes back to `from`.
  static void go(Fiber& from, Fiber& to) {
#if defined(__SANITIZE_ADDRESS__)
    void* fake = nullptr;
    __sanitizer_start_switch_fiber(&fake, to.bottom_, to.bytes_);
#endif
#if defined(__x86_64__)
    cuda_emulation_switch(&from.at_, to.at_);
#else
    swapcontext(&from.at_, &to.at_);
#endif
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(fake, nullptr, nullptr);
#endif
  }

  //! The first thing that an entry does; `from` is the fiber of the thread's own stack if it came from there, else
  //! null.
  static void entered([[maybe_unused]] Fiber* from) {
#if defined(__SANITIZE_ADDRESS__)
    const void* bottom = nullptr;
    std::size_t bytes = 0;
    __sanitizer_finish_switch_fiber(nullptr, &bottom, &bytes);
    if (from) from->bottom_ = bottom, from->bytes_ = bytes;
#endif
  }

 private:
#if defined(__x86_64__)
  void* at_ = nullptr;
#else
  ucontext_t at_{};
#endif
  const void* bottom_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace cuda_emulation

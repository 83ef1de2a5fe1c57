// What the runtime (memory, streams, devices) and whatever runs the threads of a kernel know of each other. Threads are
// run by block.cpp, or from PTX (tests/ptx/machine), where the runtime is compiled with the toolkit's own headers.
#pragma once
#include <cstddef>
#include <functional>

struct CUstream_st;

namespace cuda_emulation {

constexpr int kDevices = 2;
constexpr int kWarp = 32;

//! Says what a program did that no device bears, and ends it.
[[noreturn]] void refuse(const char* what);

struct Grid {
  unsigned blocks, threads;
  std::size_t shared;  //!< [bytes]
  CUstream_st* stream;
};

//! Ends the program where `bytes` at `words` hold the address of host memory, or of memory of a device other than
//! `device` (-1: any will do).
void check_pointers(const void* words, std::size_t bytes, int device);
int current_device();
// Of what runs the threads:
int compute_capability();        //!< 90: 9.0
std::size_t gap_after_memory();  //!< [bytes] to the next allocation, at least
//! What a compiler gave a kernel.
struct KernelNeeds {
  int registers, most_threads;  //!< of a thread; in a block
  std::size_t shared;           //!< [bytes] static
};
KernelNeeds kernel_needs(const void* kernel);
//! Queues a kernel; what is wrong with the grid is said by cudaGetLastError().
void submit(const void* kernel, const Grid& grid, std::function<void(unsigned block)> run);

}  // namespace cuda_emulation

// Kernels that are right, or have one fault that tests need not see in their numbers.
#pragma once

namespace gridqueue::planted {

enum class Fault {
  none,
  no_syncwarp,        //!< between a write of shared memory and another lane's read
  no_syncthreads,     //!< the same in a block
  no_second_barrier,  //!< what others still read is written again
  wrong_mask,         //!< that leaves lanes out which shuffle
  lane_outside_mask,  //!< a shuffle reads a lane that takes no part
  misaligned_load,    //!< eight bytes at four
  lanes_part,         //!< odd lanes leave out a barrier
  beyond_shared,
  unwritten_shared,  //!< read before anybody wrote it
  beyond_global,
  two_writers,         //!< two threads write one word of global memory
  host_memory,         //!< page-locked memory of the host as if it were the device's
  no_synchronization,  //!< a copy from pageable memory, then a kernel on a stream that does not wait for it
  reused_too_early,    //!< the same, page-locked, while the copy waits in a stream of its own
};

//! Two warps in one block, or two blocks of one.
void run_warp(Fault fault);
void run_block(Fault fault);
//! Copies, then a kernel that reads what was copied.
void run_after_copy(Fault fault);

}  // namespace gridqueue::planted

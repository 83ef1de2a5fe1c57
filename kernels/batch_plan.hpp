// How many evaluations a device takes at once; a pure function of sizes, tested without a GPU.
#pragma once
#include <cstddef>

namespace gridqueue {

//! Evaluations per batch: enough to fill the device several times, within half of the free memory; 0 = does not fit.
std::size_t plan_batch(std::size_t free_bytes, std::size_t bytes_per_evaluation, std::size_t wanted);

}  // namespace gridqueue

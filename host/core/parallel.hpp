// A loop whose turns are independent, on several threads.
#pragma once
#include <omp.h>

#include <algorithm>
#include <cstddef>
#include <exception>

namespace gridqueue {

//! body(i) for i < count on `threads` threads (0 = all) at most; what the first turn that fails throws is thrown here.
template <class Body>
void for_each_parallel(std::size_t count, int threads, const Body& body) {
  const auto most = static_cast<std::size_t>(threads > 0 ? threads : omp_get_max_threads());
  const int used = static_cast<int>(std::clamp<std::size_t>(count, 1, most));
  std::exception_ptr failure;
#pragma omp parallel for schedule(dynamic, 1) num_threads(used) if (used > 1)
  for (std::size_t i = 0; i < count; ++i) {
    try {
      body(i);
    } catch (...) {
#pragma omp critical
      if (!failure) failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace gridqueue

// A loop whose turns are independent, on all threads.
#pragma once
#include <cstddef>
#include <exception>

namespace gridqueue {

//! Items of about a microsecond each below which one thread is done before a team has met at its barriers.
constexpr std::size_t kParallelItems = 8192;

//! body(i) for i < count, `items` in all; what the first turn that fails throws is thrown here.
template <class Body>
void for_each_parallel(std::size_t count, std::size_t items, const Body& body) {
  std::exception_ptr failure;
#pragma omp parallel for schedule(dynamic) if (count > 1 && items >= kParallelItems)
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

// A loop whose turns are independent, on all threads.
#pragma once
#include <cstddef>
#include <exception>

namespace gridqueue {

//! body(i) for i < count; what the first turn that fails throws is thrown here.
template <class Body>
void for_each_parallel(std::size_t count, const Body& body) {
  std::exception_ptr failure;
#pragma omp parallel for schedule(dynamic) if (count > 1)
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

// Functions of the emulated libraries by name, in place of kernels/cuda/cuda_library.cpp.
#include "tests/cuda_emulation/device/libraries.hpp"

#include <string_view>

#include "gridqueue/contracts.hpp"
#include "kernels/cuda/cuda_library.hpp"

namespace cuda_emulation {

bool is_csr(std::int64_t rows, std::int64_t columns, std::int64_t entries, const int* begin, const int* column) {
  if (begin[0] != 0 || begin[rows] != entries) return false;
  for (std::int64_t r = 0; r < rows; ++r)
    if (begin[r] > begin[r + 1]) return false;
  for (std::int64_t k = 0; k < entries; ++k)
    if (column[k] < 0 || column[k] >= columns) return false;
  return true;
}

}  // namespace cuda_emulation

namespace gridqueue {
namespace {

void* find(const char* library, std::span<const cuda_emulation::LibraryFunction> functions, std::string_view name) {
  for (const auto& function : functions)
    if (function.name == name) return function.address;
  fail(ExitCode::unavailable, "{} of the CUDA toolkit cannot be used (it has no {})", library, name);
}

}  // namespace

void* cublas_function(const char* name) { return find("emulated cuBLAS", cuda_emulation::cublas_functions(), name); }
void* cusolver_function(const char* name) {
  return find("emulated cuSOLVER", cuda_emulation::cusolver_functions(), name);
}
void* cusparse_function(const char* name) {
  return find("emulated cuSPARSE", cuda_emulation::cusparse_functions(), name);
}

}  // namespace gridqueue

#include "kernels/cuda/cuda_library.hpp"

#if defined(GRIDQUEUE_HAS_CUDA)
#include <dlfcn.h>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

class Library {
 public:
  //! By name from where the machine keeps its libraries, else where it lay when this was built.
  Library(const char* name, const char* folder) : name_(name), handle_(dlopen(name, RTLD_NOW | RTLD_LOCAL)) {
    if (!handle_) handle_ = dlopen(fmt::format("{}/{}", folder, name).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle_) why_ = dlerror();
  }
  [[nodiscard]] void* find(const char* function) const {
    void* found = handle_ ? dlsym(handle_, function) : nullptr;
    if (!found)
      fail(ExitCode::unavailable, "{} of the CUDA toolkit cannot be used ({})", name_,
           handle_ ? fmt::format("it has no {}", function) : why_);
    return found;
  }

 private:
  const char* name_;
  void* handle_;
  std::string why_;
};

}  // namespace

void* cublas_function(const char* name) {
  static const Library library(GRIDQUEUE_CUBLAS, GRIDQUEUE_CUDA_LIBRARIES);
  return library.find(name);
}

void* cusolver_function(const char* name) {
  static const Library library(GRIDQUEUE_CUSOLVER, GRIDQUEUE_CUDA_LIBRARIES);
  return library.find(name);
}

void* cusparse_function(const char* name) {
  static const Library library(GRIDQUEUE_CUSPARSE, GRIDQUEUE_CUDA_LIBRARIES);
  return library.find(name);
}

}  // namespace gridqueue
#endif

#include "kernels/cuda/cuda_library.hpp"

#if defined(GRIDQUEUE_HAS_CUDA)
#include <dlfcn.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "gridqueue/contracts.hpp"
#include "gridqueue/installation.hpp"

namespace gridqueue {
namespace {

//! $CUDA_HOME's, that of a build folder, the usual one.
std::vector<std::string> toolkit_folders() {
  std::vector<std::string> folders;
  if (const char* home = std::getenv("CUDA_HOME")) folders.push_back(std::string(home) + "/lib64");
  if (const std::string built = build_place("cuda"); !built.empty()) folders.push_back(built);
  folders.push_back("/usr/local/cuda/lib64");
  return folders;
}

class Library {
 public:
  //! By name from where the machine keeps its libraries, else from the toolkit's own folder.
  explicit Library(const char* name) : name_(name), handle_(dlopen(name, RTLD_NOW | RTLD_LOCAL)) {
    for (const std::string& folder : toolkit_folders())
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
  static const Library library(GRIDQUEUE_CUBLAS);
  return library.find(name);
}

void* cusolver_function(const char* name) {
  static const Library library(GRIDQUEUE_CUSOLVER);
  return library.find(name);
}

void* cusparse_function(const char* name) {
  static const Library library(GRIDQUEUE_CUSPARSE);
  return library.find(name);
}

}  // namespace gridqueue
#endif

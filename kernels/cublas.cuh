// cuBLAS, loaded when first asked for: linked, it would take a tenth of a second off every command's start.
#pragma once
#include <cublas_v2.h>
#include <dlfcn.h>

#include "kernels/cuda_call.cuh"

namespace gridqueue {

//! The functions used here, by their own types.
class Cublas {
 public:
  static const Cublas& library() {
    static const Cublas loaded;
    return loaded;
  }

  decltype(&cublasCreate_v2) create;
  decltype(&cublasDestroy_v2) destroy;
  decltype(&cublasSetStream_v2) set_stream;
  decltype(&cublasDgetrfBatched) getrf;
  decltype(&cublasDgetriBatched) getri;
  decltype(&cublasDgetrsBatched) getrs;
  decltype(&cublasGetStatusString) text;

  void check(cublasStatus_t status, const char* call, const char* file, int line) const {
    if (status != CUBLAS_STATUS_SUCCESS) cuda_failed(call, text(status), file, line, false);
  }

 private:
  void* library_ = nullptr;

  Cublas() {
    for (const char* name : {GRIDQUEUE_CUBLAS_NAME, GRIDQUEUE_CUBLAS_PATH})  // this system's, or the one built with
      if (!library_) library_ = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!library_) cuda_failed("dlopen " GRIDQUEUE_CUBLAS_NAME, dlerror(), __FILE__, __LINE__, false);
    load(create, "cublasCreate_v2");
    load(destroy, "cublasDestroy_v2");
    load(set_stream, "cublasSetStream_v2");
    load(getrf, "cublasDgetrfBatched");
    load(getri, "cublasDgetriBatched");
    load(getrs, "cublasDgetrsBatched");
    load(text, "cublasGetStatusString");
  }

  template <class Function>
  void load(Function& function, const char* name) {
    function = reinterpret_cast<Function>(dlsym(library_, name));
    if (!function) cuda_failed(name, dlerror(), __FILE__, __LINE__, false);
  }
};

}  // namespace gridqueue

#define CUBLAS_CALL(function, ...) \
  ::gridqueue::Cublas::library().check(::gridqueue::Cublas::library().function(__VA_ARGS__), "cuBLAS " #function, __FILE__, __LINE__)

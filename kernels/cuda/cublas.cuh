// cuBLAS, loaded when first asked for (cuda_library.hpp).
#pragma once
#include <cublas_v2.h>

#include "kernels/cuda/cuda_call.cuh"
#include "kernels/cuda/cuda_library.hpp"

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
  decltype(&cublasDgetrfBatched) getrf;
  decltype(&cublasDgetriBatched) getri;
  decltype(&cublasDgetrsBatched) getrs;
  decltype(&cublasGetStatusString) text;

  void check(cublasStatus_t status, const char* call, const char* file, int line) const {
    if (status != CUBLAS_STATUS_SUCCESS) cuda_failed(call, text(status), file, line, false);
  }

 private:
  Cublas() {
    load(create, "cublasCreate_v2");
    load(destroy, "cublasDestroy_v2");
    load(getrf, "cublasDgetrfBatched");
    load(getri, "cublasDgetriBatched");
    load(getrs, "cublasDgetrsBatched");
    load(text, "cublasGetStatusString");
  }

  template <class Function>
  static void load(Function& function, const char* name) {
    function = reinterpret_cast<Function>(cublas_function(name));
  }
};

}  // namespace gridqueue

#define CUBLAS_CALL(function, ...)                                                                                \
  ::gridqueue::Cublas::library().check(::gridqueue::Cublas::library().function(__VA_ARGS__), "cuBLAS " #function, \
                                       __FILE__, __LINE__)

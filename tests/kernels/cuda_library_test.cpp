// Libraries of the CUDA toolkit are found without a device.
#include "kernels/cuda/cuda_library.hpp"

#include <gtest/gtest.h>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

TEST(CudaLibrary, FunctionsAreFoundAndAMissingOneIsAnError) {
#if defined(GRIDQUEUE_HAS_CUDA)
  EXPECT_NE(cublas_function("cublasDgetrfBatched"), nullptr);
  for (const char* name : {"cusolverRfCreate", "cusolverRfDestroy", "cusolverRfSetupHost", "cusolverRfAnalyze",
                           "cusolverRfResetValues", "cusolverRfRefactor", "cusolverRfSolve"})
    EXPECT_NE(cusolver_function(name), nullptr);
  for (const char* name :
       {"cusparseCreate", "cusparseDestroy", "cusparseCreateCsr", "cusparseDestroySpMat", "cusparseCreateDnMat",
        "cusparseDestroyDnMat", "cusparseSparseToDense_bufferSize", "cusparseSparseToDense", "cusparseSpMM_bufferSize",
        "cusparseSpMM", "cusparseGetErrorString"})
    EXPECT_NE(cusparse_function(name), nullptr);
  try {
    cusolver_function("cusolverRfNoSuchFunction");
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::unavailable);
  }
#else
  GTEST_SKIP() << "this gridqueue was built without CUDA";
#endif
}

}  // namespace
}  // namespace gridqueue

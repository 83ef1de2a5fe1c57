// Sparse matrices on a device and cuSPARSE's products with them.
#pragma once
#include <cusparse.h>

#include "kernels/cuda/cuda_library.hpp"
#include "kernels/cuda/device_array.cuh"
#include "kernels/device/device_response.hpp"

namespace gridqueue {

inline void check_cusparse(cusparseStatus_t status, const char* call, const char* file, int line) {
  if (status == CUSPARSE_STATUS_SUCCESS) return;
  const auto reason = reinterpret_cast<decltype(&cusparseGetErrorString)>(cusparse_function("cusparseGetErrorString"));
  cuda_failed(call, reason(status), file, line, false);
}

}  // namespace gridqueue

//! Calls a function of cuSPARSE; throws Error(unavailable) where it fails.
#define CUSPARSE_CALL(function, ...)                                                                            \
  ::gridqueue::check_cusparse(                                                                                  \
      reinterpret_cast<decltype(&function)>(::gridqueue::cusparse_function(#function))(__VA_ARGS__), #function, \
      __FILE__, __LINE__)

namespace gridqueue {

//! Of the device that is current where it is made.
class SparseHandle {
 public:
  SparseHandle() { CUSPARSE_CALL(cusparseCreate, &handle_); }
  SparseHandle(const SparseHandle&) = delete;
  SparseHandle& operator=(const SparseHandle&) = delete;
  ~SparseHandle() {
    const CurrentDevice home(device_);
    reinterpret_cast<decltype(&cusparseDestroy)>(cusparse_function("cusparseDestroy"))(handle_);
  }
  [[nodiscard]] cusparseHandle_t get() const { return handle_; }

 private:
  int device_ = current_device();
  cusparseHandle_t handle_ = nullptr;
};

//! A dense matrix by columns; memory is another's.
struct DenseColumns {
  double* data;
  int rows, columns;
};
inline void set_to_zero(const DenseColumns& d) {
  CUDA_CALL(
      cudaMemset(d.data, 0, sizeof(double) * static_cast<std::size_t>(d.rows) * static_cast<std::size_t>(d.columns)));
}

class DenseDescription {
 public:
  explicit DenseDescription(const DenseColumns& d) {
    CUSPARSE_CALL(cusparseCreateDnMat, &m_, d.rows, d.columns, d.rows, d.data, CUDA_R_64F, CUSPARSE_ORDER_COL);
  }
  DenseDescription(const DenseDescription&) = delete;
  DenseDescription& operator=(const DenseDescription&) = delete;
  ~DenseDescription() {
    reinterpret_cast<decltype(&cusparseDestroyDnMat)>(cusparse_function("cusparseDestroyDnMat"))(m_);
  }
  [[nodiscard]] cusparseDnMatDescr_t get() const { return m_; }

 private:
  cusparseDnMatDescr_t m_ = nullptr;
};

//! SparseRows on the device.
class DeviceSparse {
 public:
  explicit DeviceSparse(const SparseRows& m)
      : begin_(to_device(m.begin)), column_(to_device(m.column)), value_(to_device(m.value)) {
    CUSPARSE_CALL(cusparseCreateCsr, &m_, m.rows, m.columns, static_cast<std::int64_t>(m.column.size()), begin_.data(),
                  column_.data(), value_.data(), CUSPARSE_INDEX_32I, CUSPARSE_INDEX_32I, CUSPARSE_INDEX_BASE_ZERO,
                  CUDA_R_64F);
  }
  DeviceSparse(const DeviceSparse&) = delete;
  DeviceSparse& operator=(const DeviceSparse&) = delete;
  ~DeviceSparse() { reinterpret_cast<decltype(&cusparseDestroySpMat)>(cusparse_function("cusparseDestroySpMat"))(m_); }

  [[nodiscard]] int* begin() const { return begin_.data(); }
  [[nodiscard]] int* column() const { return column_.data(); }
  [[nodiscard]] double* value() const { return value_.data(); }

  void densify(const SparseHandle& sparse, const DenseColumns& to) const {
    const DenseDescription dense(to);
    set_to_zero(to);
    std::size_t bytes = 0;
    CUSPARSE_CALL(cusparseSparseToDense_bufferSize, sparse.get(), m_, dense.get(), CUSPARSE_SPARSETODENSE_ALG_DEFAULT,
                  &bytes);
    const DeviceArray<std::byte> buffer(bytes);
    CUSPARSE_CALL(cusparseSparseToDense, sparse.get(), m_, dense.get(), CUSPARSE_SPARSETODENSE_ALG_DEFAULT,
                  buffer.data());
    CUDA_CALL(cudaDeviceSynchronize());  // before the buffer goes
  }

  //! y = alpha * this * x + beta * y; y may hold anything where beta is 0.
  void multiply(const SparseHandle& sparse, double alpha, const DenseColumns& x, double beta,
                const DenseColumns& y) const {
    const DenseDescription in(x), out(y);
    constexpr auto plain = CUSPARSE_OPERATION_NON_TRANSPOSE;
    if (beta == 0) set_to_zero(y);  // cuSPARSE does not say that it reads no y then
    std::size_t bytes = 0;
    CUSPARSE_CALL(cusparseSpMM_bufferSize, sparse.get(), plain, plain, &alpha, m_, in.get(), &beta, out.get(),
                  CUDA_R_64F, CUSPARSE_SPMM_ALG_DEFAULT, &bytes);
    const DeviceArray<std::byte> buffer(bytes);
    CUSPARSE_CALL(cusparseSpMM, sparse.get(), plain, plain, &alpha, m_, in.get(), &beta, out.get(), CUDA_R_64F,
                  CUSPARSE_SPMM_ALG_DEFAULT, buffer.data());
    CUDA_CALL(cudaDeviceSynchronize());
  }

 private:
  DeviceArray<int> begin_, column_;
  DeviceArray<double> value_;
  cusparseSpMatDescr_t m_ = nullptr;
};

}  // namespace gridqueue

// cuSPARSE's generic products in double, CSR with 32-bit indices from 0 and dense matrices by columns; a use that needs
// other kinds ends the program. Descriptions keep addresses: what they point to is looked at when it is used.
// Workspaces are written to, as far as they were asked for. beta * C is what it says, also where beta is 0: nothing
// promises that what C holds is not read then.
#include <cusparse.h>

#include <algorithm>

#include "tests/cuda_emulation/device/garbage.hpp"
#include "tests/cuda_emulation/device/libraries.hpp"

struct cusparseContext : cuda_emulation::Owned {};
struct cusparseSpMatDescr : cuda_emulation::Owned {
  std::int64_t rows, columns, entries;
  int *begin, *column;
  double* value;
};
struct cusparseDnMatDescr : cuda_emulation::Owned {
  std::int64_t rows, columns, stride;
  double* value;
};

namespace cuda_emulation {
namespace {

const cusparseSpMatDescr& sparse(cusparseConstSpMatDescr_t description) {
  const cusparseSpMatDescr& m = usable(description);
  device_array(m.begin, at(m.rows + 1)), device_array(m.column, at(m.entries)), device_array(m.value, at(m.entries));
  if (!is_csr(m.rows, m.columns, m.entries, m.begin, m.column)) refuse("a sparse matrix is not in CSR");
  return m;
}
const cusparseDnMatDescr& dense(cusparseConstDnMatDescr_t description) {
  const cusparseDnMatDescr& m = usable(description);
  device_array(m.value, at(m.stride * m.columns));
  return m;
}

std::size_t workspace(const cusparseSpMatDescr& m, std::size_t least) { return least + sizeof(double) * at(m.rows); }
void use_workspace(void* buffer, std::size_t bytes) {
  fill_with_garbage(device_array(static_cast<std::byte*>(buffer), bytes), bytes);
}

//! Workspaces that are asked for differ, so that one is not taken for the other.
constexpr std::size_t kDensify = 32, kMultiply = 64;

bool fits(const cusparseSpMatDescr& a, const cusparseDnMatDescr& b, const cusparseDnMatDescr& c) {
  return a.columns == b.rows && a.rows == c.rows && b.columns == c.columns;
}

void check_kinds(cusparseOperation_t a, cusparseOperation_t b, cudaDataType type, cusparseSpMMAlg_t algorithm) {
  if (a != CUSPARSE_OPERATION_NON_TRANSPOSE || b != CUSPARSE_OPERATION_NON_TRANSPOSE || type != CUDA_R_64F ||
      algorithm != CUSPARSE_SPMM_ALG_DEFAULT)
    refuse("this kind of sparse product is not emulated");
}

void check_apart(const cusparseDnMatDescr& b, const cusparseDnMatDescr& c) {
  if (b.value < c.value + c.stride * c.columns && c.value < b.value + b.stride * b.columns)
    refuse("a sparse product is written where its factor lies");
}

}  // namespace

std::span<const LibraryFunction> cusparse_functions() {
  static const LibraryFunction all[] = {
      {"cusparseCreate", reinterpret_cast<void*>(&cusparseCreate)},
      {"cusparseDestroy", reinterpret_cast<void*>(&cusparseDestroy)},
      {"cusparseGetErrorString", reinterpret_cast<void*>(&cusparseGetErrorString)},
      {"cusparseCreateCsr", reinterpret_cast<void*>(&cusparseCreateCsr)},
      {"cusparseDestroySpMat", reinterpret_cast<void*>(&cusparseDestroySpMat)},
      {"cusparseCreateDnMat", reinterpret_cast<void*>(&cusparseCreateDnMat)},
      {"cusparseDestroyDnMat", reinterpret_cast<void*>(&cusparseDestroyDnMat)},
      {"cusparseSparseToDense_bufferSize", reinterpret_cast<void*>(&cusparseSparseToDense_bufferSize)},
      {"cusparseSparseToDense", reinterpret_cast<void*>(&cusparseSparseToDense)},
      {"cusparseSpMM_bufferSize", reinterpret_cast<void*>(&cusparseSpMM_bufferSize)},
      {"cusparseSpMM", reinterpret_cast<void*>(&cusparseSpMM)},
  };
  return all;
}

}  // namespace cuda_emulation

using namespace cuda_emulation;

cusparseStatus_t cusparseCreate(cusparseHandle_t* handle) {
  const Lock lock(runtime().mutex);
  *host_array(handle) = new cusparseContext;
  return CUSPARSE_STATUS_SUCCESS;
}
cusparseStatus_t cusparseDestroy(cusparseHandle_t handle) {
  delete &usable(handle);
  return CUSPARSE_STATUS_SUCCESS;
}
const char* cusparseGetErrorString(cusparseStatus_t status) {
  switch (status) {
    case CUSPARSE_STATUS_SUCCESS: return "success";
    case CUSPARSE_STATUS_NOT_INITIALIZED: return "initialization error";
    case CUSPARSE_STATUS_INVALID_VALUE: return "invalid value";
    case CUSPARSE_STATUS_NOT_SUPPORTED: return "operation not supported";
  }
  return "unknown";
}

cusparseStatus_t cusparseCreateCsr(cusparseSpMatDescr_t* spMatDescr, int64_t rows, int64_t cols, int64_t nnz,
                                   void* csrRowOffsets, void* csrColInd, void* csrValues,
                                   cusparseIndexType_t csrRowOffsetsType, cusparseIndexType_t csrColIndType,
                                   cusparseIndexBase_t idxBase, cudaDataType valueType) {
  const Lock lock(runtime().mutex);
  if (rows < 0 || cols < 0 || nnz < 0 || !csrRowOffsets || (nnz > 0 && (!csrColInd || !csrValues)))
    return CUSPARSE_STATUS_INVALID_VALUE;
  if (csrRowOffsetsType != CUSPARSE_INDEX_32I || csrColIndType != CUSPARSE_INDEX_32I ||
      idxBase != CUSPARSE_INDEX_BASE_ZERO || valueType != CUDA_R_64F)
    refuse("this kind of sparse matrix is not emulated");
  *host_array(spMatDescr) = new cusparseSpMatDescr{{},
                                                   rows,
                                                   cols,
                                                   nnz,
                                                   device_array(static_cast<int*>(csrRowOffsets), at(rows + 1)),
                                                   device_array(static_cast<int*>(csrColInd), at(nnz)),
                                                   device_array(static_cast<double*>(csrValues), at(nnz))};
  return CUSPARSE_STATUS_SUCCESS;
}
cusparseStatus_t cusparseDestroySpMat(cusparseConstSpMatDescr_t spMatDescr) {
  delete &alive(spMatDescr);
  return CUSPARSE_STATUS_SUCCESS;
}

cusparseStatus_t cusparseCreateDnMat(cusparseDnMatDescr_t* dnMatDescr, int64_t rows, int64_t cols, int64_t ld,
                                     void* values, cudaDataType valueType, cusparseOrder_t order) {
  const Lock lock(runtime().mutex);
  if (valueType != CUDA_R_64F || order != CUSPARSE_ORDER_COL) refuse("this kind of dense matrix is not emulated");
  if (rows < 0 || cols < 0 || ld < rows || (rows * cols > 0 && !values)) return CUSPARSE_STATUS_INVALID_VALUE;
  *host_array(dnMatDescr) =
      new cusparseDnMatDescr{{}, rows, cols, ld, device_array(static_cast<double*>(values), at(ld * cols))};
  return CUSPARSE_STATUS_SUCCESS;
}
cusparseStatus_t cusparseDestroyDnMat(cusparseConstDnMatDescr_t dnMatDescr) {
  delete &alive(dnMatDescr);
  return CUSPARSE_STATUS_SUCCESS;
}

cusparseStatus_t cusparseSparseToDense_bufferSize(cusparseHandle_t handle, cusparseConstSpMatDescr_t matA,
                                                  cusparseDnMatDescr_t matB, cusparseSparseToDenseAlg_t,
                                                  size_t* bufferSize) {
  const Lock lock(runtime().mutex);
  usable(handle), usable(matB);
  *host_array(bufferSize) = workspace(usable(matA), kDensify);
  return CUSPARSE_STATUS_SUCCESS;
}

//! Every number of B is written, what lies between its columns is not.
cusparseStatus_t cusparseSparseToDense(cusparseHandle_t handle, cusparseConstSpMatDescr_t matA,
                                       cusparseDnMatDescr_t matB, cusparseSparseToDenseAlg_t, void* externalBuffer) {
  const InLegacyStream turn;
  usable(handle);
  const cusparseSpMatDescr& a = sparse(matA);
  const cusparseDnMatDescr& b = dense(matB);
  if (a.rows != b.rows || a.columns != b.columns) return CUSPARSE_STATUS_INVALID_VALUE;
  use_workspace(externalBuffer, workspace(a, kDensify));
  for (std::int64_t c = 0; c < b.columns; ++c) std::fill_n(b.value + c * b.stride, b.rows, 0.0);
  for (std::int64_t r = 0; r < a.rows; ++r)
    for (int k = a.begin[r]; k < a.begin[r + 1]; ++k) b.value[r + a.column[k] * b.stride] = a.value[k];
  return CUSPARSE_STATUS_SUCCESS;
}

cusparseStatus_t cusparseSpMM_bufferSize(cusparseHandle_t handle, cusparseOperation_t opA, cusparseOperation_t opB,
                                         const void* alpha, cusparseConstSpMatDescr_t matA,
                                         cusparseConstDnMatDescr_t matB, const void* beta, cusparseDnMatDescr_t matC,
                                         cudaDataType computeType, cusparseSpMMAlg_t alg, size_t* bufferSize) {
  const Lock lock(runtime().mutex);
  usable(handle), host_array(alpha), host_array(beta);
  check_kinds(opA, opB, computeType, alg);
  if (!fits(usable(matA), usable(matB), usable(matC))) return CUSPARSE_STATUS_INVALID_VALUE;
  *host_array(bufferSize) = workspace(*matA, kMultiply);
  return CUSPARSE_STATUS_SUCCESS;
}

cusparseStatus_t cusparseSpMM(cusparseHandle_t handle, cusparseOperation_t opA, cusparseOperation_t opB,
                              const void* alpha, cusparseConstSpMatDescr_t matA, cusparseConstDnMatDescr_t matB,
                              const void* beta, cusparseDnMatDescr_t matC, cudaDataType computeType,
                              cusparseSpMMAlg_t alg, void* externalBuffer) {
  const InLegacyStream turn;
  usable(handle);
  check_kinds(opA, opB, computeType, alg);
  const cusparseSpMatDescr& a = sparse(matA);
  const cusparseDnMatDescr &b = dense(matB), &c = dense(matC);
  if (!fits(a, b, c)) return CUSPARSE_STATUS_INVALID_VALUE;
  check_apart(b, c);
  use_workspace(externalBuffer, workspace(a, kMultiply));
  const double of_product = *static_cast<const double*>(host_array(alpha)),
               of_sum = *static_cast<const double*>(host_array(beta));
  for (std::int64_t column = 0; column < c.columns; ++column)
    for (std::int64_t r = 0; r < a.rows; ++r) {
      double sum = 0;
      for (int k = a.begin[r]; k < a.begin[r + 1]; ++k) sum += a.value[k] * b.value[a.column[k] + column * b.stride];
      double& to = c.value[r + column * c.stride];
      to = of_product * sum + of_sum * to;
    }
  return CUSPARSE_STATUS_SUCCESS;
}

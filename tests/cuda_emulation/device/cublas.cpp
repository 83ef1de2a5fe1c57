// cuBLAS's batched LU. Matrices are by columns; what the arrays of addresses, the matrices, pivots and info point to
// must be memory of the handle's device, and no matrix that is written may touch another. A singular matrix has no
// inverse: there numbers are left as an earlier user of the memory may have left them.
#include <cublas_v2.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "tests/cuda_emulation/device/libraries.hpp"

struct cublasContext : cuda_emulation::Owned {};

namespace cuda_emulation {
namespace {

constexpr double kLeftOver = 0.5;

template <class T>
struct Columns {
  T* data;
  int stride;
  T& operator()(int row, int column) const { return data[row + std::ptrdiff_t{column} * stride]; }
};
using Matrix = Columns<double>;
using ConstMatrix = Columns<const double>;

//! Matrices of a batch, [columns][stride] each.
template <class T>
std::vector<Columns<T>> batch(T* const places[], int count, int stride, int columns) {
  device_array(places, at(count));
  std::vector<Columns<T>> all;
  for (int i = 0; i < count; ++i) all.push_back({device_array(places[i], at(stride) * at(columns)), stride});
  return all;
}

//! Numbers that one matrix takes.
struct Extents {
  std::vector<std::pair<const double*, std::size_t>> all;
  template <class T>
  void add(const std::vector<Columns<T>>& matrices, int columns) {
    for (const Columns<T>& m : matrices) all.emplace_back(m.data, at(m.stride) * at(columns));
  }
  void expect_apart() {
    std::sort(all.begin(), all.end());
    for (std::size_t i = 1; i < all.size(); ++i)
      if (all[i - 1].first + all[i - 1].second > all[i].first) refuse("matrices of a batch lie on one another");
  }
};

//! 0, or the first pivot (from 1) that is zero.
int factorize(const Matrix& a, int n, int* pivot) {
  int info = 0;
  for (int k = 0; k < n; ++k) {
    int largest = k;
    for (int r = k + 1; r < n; ++r)
      if (std::abs(a(r, k)) > std::abs(a(largest, k))) largest = r;
    pivot[k] = largest + 1;
    if (largest != k)
      for (int c = 0; c < n; ++c) std::swap(a(k, c), a(largest, c));
    if (a(k, k) == 0) {
      if (info == 0) info = k + 1;
      continue;
    }
    for (int r = k + 1; r < n; ++r) a(r, k) /= a(k, k);
    for (int c = k + 1; c < n; ++c)
      for (int r = k + 1; r < n; ++r) a(r, c) -= a(r, k) * a(k, c);
  }
  return info;
}

void check_pivots(const int* pivot, int n) {
  for (int k = 0; k < n; ++k)
    if (pivot[k] < k + 1 || pivot[k] > n) refuse("pivots are not those of a factorization");
}

//! x = A^-1 x, from A's factors.
void solve(const ConstMatrix& lu, int n, const int* pivot, double* x) {
  for (int k = 0; k < n; ++k) std::swap(x[k], x[pivot[k] - 1]);
  for (int k = 0; k < n; ++k)
    for (int r = k + 1; r < n; ++r) x[r] -= lu(r, k) * x[k];
  for (int k = n; k-- > 0;) {
    x[k] /= lu(k, k);
    for (int r = 0; r < k; ++r) x[r] -= lu(r, k) * x[k];
  }
}

//! x = A^-T x
void solve_transposed(const ConstMatrix& lu, int n, const int* pivot, double* x) {
  for (int k = 0; k < n; ++k) {
    for (int r = 0; r < k; ++r) x[k] -= lu(r, k) * x[r];
    x[k] /= lu(k, k);
  }
  for (int k = n; k-- > 0;)
    for (int r = k + 1; r < n; ++r) x[k] -= lu(r, k) * x[r];
  for (int k = n; k-- > 0;) std::swap(x[k], x[pivot[k] - 1]);
}

bool wrong_size(int n, int stride, int count) { return n < 0 || count < 0 || stride < std::max(1, n); }

}  // namespace

std::span<const LibraryFunction> cublas_functions() {
  static const LibraryFunction all[] = {
      {"cublasCreate_v2", reinterpret_cast<void*>(&cublasCreate_v2)},
      {"cublasDestroy_v2", reinterpret_cast<void*>(&cublasDestroy_v2)},
      {"cublasGetStatusString", reinterpret_cast<void*>(&cublasGetStatusString)},
      {"cublasDgetrfBatched", reinterpret_cast<void*>(&cublasDgetrfBatched)},
      {"cublasDgetriBatched", reinterpret_cast<void*>(&cublasDgetriBatched)},
      {"cublasDgetrsBatched", reinterpret_cast<void*>(&cublasDgetrsBatched)},
  };
  return all;
}

}  // namespace cuda_emulation

using namespace cuda_emulation;

cublasStatus_t cublasCreate_v2(cublasHandle_t* handle) {
  const Lock lock(runtime().mutex);
  *host_array(handle) = new cublasContext;
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasDestroy_v2(cublasHandle_t handle) {
  delete &usable(handle);
  return CUBLAS_STATUS_SUCCESS;
}
const char* cublasGetStatusString(cublasStatus_t status) {
  switch (status) {
    case CUBLAS_STATUS_SUCCESS: return "success";
    case CUBLAS_STATUS_NOT_INITIALIZED: return "not initialized";
    case CUBLAS_STATUS_INVALID_VALUE: return "an unsupported value or parameter was passed to the function";
  }
  return "unknown";
}

cublasStatus_t cublasDgetrfBatched(cublasHandle_t handle, int n, double* const A[], int lda, int* P, int* info,
                                   int batchSize) {
  const InLegacyStream turn;
  usable(handle);
  if (wrong_size(n, lda, batchSize)) return CUBLAS_STATUS_INVALID_VALUE;
  const std::vector<Matrix> a = batch(A, batchSize, lda, n);
  device_array(P, at(n) * at(batchSize)), device_array(info, at(batchSize));
  Extents matrices;
  matrices.add(a, n);
  matrices.expect_apart();
  for (int i = 0; i < batchSize; ++i) info[i] = factorize(a[at(i)], n, P + at(i) * at(n));
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasDgetriBatched(cublasHandle_t handle, int n, const double* const A[], int lda, const int* P,
                                   double* const C[], int ldc, int* info, int batchSize) {
  const InLegacyStream turn;
  usable(handle);
  if (wrong_size(n, lda, batchSize) || ldc < std::max(1, n)) return CUBLAS_STATUS_INVALID_VALUE;
  const std::vector<ConstMatrix> a = batch(A, batchSize, lda, n);
  const std::vector<Matrix> c = batch(C, batchSize, ldc, n);
  device_array(P, at(n) * at(batchSize)), device_array(info, at(batchSize));
  Extents matrices;
  matrices.add(a, n), matrices.add(c, n);
  matrices.expect_apart();
  for (int i = 0; i < batchSize; ++i) {
    const int* pivot = P + at(i) * at(n);
    check_pivots(pivot, n);
    info[i] = 0;
    for (int k = n; k-- > 0;)
      if (a[at(i)](k, k) == 0) info[i] = k + 1;
    for (int column = 0; column < n; ++column) {
      double* x = &c[at(i)](0, column);
      std::fill_n(x, n, info[i] == 0 ? 0 : kLeftOver);
      if (info[i] != 0) continue;
      x[column] = 1;
      solve(a[at(i)], n, pivot, x);
    }
  }
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasDgetrsBatched(cublasHandle_t handle, cublasOperation_t trans, int n, int nrhs,
                                   const double* const Aarray[], int lda, const int* devIpiv, double* const Barray[],
                                   int ldb, int* info, int batchSize) {
  const InLegacyStream turn;
  usable(handle);
  *host_array(info) = n < 0 ? -2 : nrhs < 0 ? -3 : lda < std::max(1, n) ? -5 : ldb < std::max(1, n) ? -8 : 0;
  if (*info != 0 || batchSize < 0) return CUBLAS_STATUS_INVALID_VALUE;
  const std::vector<ConstMatrix> a = batch(Aarray, batchSize, lda, n);
  const std::vector<Matrix> b = batch(Barray, batchSize, ldb, nrhs);
  device_array(devIpiv, at(n) * at(batchSize));
  Extents matrices;
  matrices.add(a, n), matrices.add(b, nrhs);
  matrices.expect_apart();
  for (int i = 0; i < batchSize; ++i) {
    const int* pivot = devIpiv + at(i) * at(n);
    check_pivots(pivot, n);
    for (int k = 0; k < nrhs; ++k)
      (trans == CUBLAS_OP_N ? solve : solve_transposed)(a[at(i)], n, pivot, &b[at(i)](0, k));
  }
  return CUBLAS_STATUS_SUCCESS;
}

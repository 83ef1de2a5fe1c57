// The emulated cuBLAS, cuSOLVER and cuSPARSE: small answers by hand, and what their documentation does not allow.
#include <cusolverRf.h>
#include <gtest/gtest.h>

#include <functional>

#include "gridqueue/contracts.hpp"
#include "kernels/cuda/cublas.cuh"
#include "kernels/cuda/cuda_sparse.cuh"
#include "kernels/device/device_basis.hpp"

namespace gridqueue {
namespace {

struct LibraryOnDevice : testing::Test {
  LibraryOnDevice() { testing::FLAGS_gtest_death_test_style = "threadsafe"; }
};
using BlasOnDevice = LibraryOnDevice;
using SparseOnDevice = LibraryOnDevice;
using RefactorizationOnDevice = LibraryOnDevice;

//! Two matrices by columns in columns of three numbers: [1 2; 3 4], whose rows are exchanged, and [1 2; 2 4].
struct BlasBatch {
  cublasHandle_t handle = nullptr;
  DeviceArray<double> a = to_device(std::vector<double>{1, 3, -1, 2, 4, -1, 1, 2, -1, 2, 4, -1});
  DeviceArray<double> inverse = DeviceArray<double>(8), x = to_device(std::vector<double>{5, 11, 1, 1});
  DeviceArray<double*> a_at = to_device(std::vector<double*>{a.data(), a.data() + 6});
  DeviceArray<double*> inverse_at = to_device(std::vector<double*>{inverse.data(), inverse.data() + 4});
  DeviceArray<double*> x_at = to_device(std::vector<double*>{x.data(), x.data() + 2});
  DeviceArray<int> pivot = DeviceArray<int>(4), info = DeviceArray<int>(2);

  BlasBatch() { cublasCreate_v2(&handle); }
  BlasBatch(const BlasBatch&) = delete;
  BlasBatch& operator=(const BlasBatch&) = delete;
  ~BlasBatch() { cublasDestroy_v2(handle); }
  cublasStatus_t factorize(int n = 2, int lda = 3) const {
    return cublasDgetrfBatched(handle, n, a_at.data(), lda, pivot.data(), info.data(), 2);
  }
  cublasStatus_t solve(cublasOperation_t operation, int* wrong) const {
    return cublasDgetrsBatched(handle, operation, 2, 1, a_at.data(), 3, pivot.data(), x_at.data(), 2, wrong, 2);
  }
};

void expect_numbers(const std::vector<double>& found, const std::vector<double>& expected) {
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-15) << i;
}

TEST_F(BlasOnDevice, FactorsTwoByTwo) {
  const BlasBatch b;
  ASSERT_EQ(b.factorize(), CUBLAS_STATUS_SUCCESS);
  expect_numbers(to_host(b.a), {3, 1. / 3, -1, 4, 2. / 3, -1, 2, 0.5, -1, 4, 0, -1});
  EXPECT_EQ(to_host(b.pivot), (std::vector<int>{2, 2, 2, 2}));
  EXPECT_EQ(to_host(b.info), (std::vector<int>{0, 2}));
  ASSERT_EQ(
      cublasDgetriBatched(b.handle, 2, b.a_at.data(), 3, b.pivot.data(), b.inverse_at.data(), 2, b.info.data(), 2),
      CUBLAS_STATUS_SUCCESS);
  expect_numbers(to_host(b.inverse), {-2, 1.5, 1, -0.5});
  EXPECT_EQ(to_host(b.info), (std::vector<int>{0, 2}));
}

TEST_F(BlasOnDevice, SolvesTwoByTwoAndTransposed) {
  for (const bool transposed : {false, true}) {
    const BlasBatch b;
    int wrong = 7;
    ASSERT_EQ(b.factorize(), CUBLAS_STATUS_SUCCESS);
    ASSERT_EQ(b.solve(transposed ? CUBLAS_OP_T : CUBLAS_OP_N, &wrong), CUBLAS_STATUS_SUCCESS);
    EXPECT_EQ(wrong, 0);
    expect_numbers(to_host(b.x), transposed ? std::vector<double>{6.5, -0.5} : std::vector<double>{1, 2});
  }
}

TEST_F(BlasOnDevice, EveryBasisStaysOnItsDevice) {
  const auto first = make_device_basis(0), second = make_device_basis(1);
  for (DeviceBasis* basis : {first.get(), second.get()}) {
    const double a[] = {2, 0, 0, 4}, d[] = {2, 4}, c[] = {1, 1};
    double x[2], mu[2], inverse[4];
    basis->solve({2, 1, a, d, c, x, mu, inverse});
    EXPECT_EQ(x[1], 1);
    EXPECT_EQ(mu[0], 0.5);
    EXPECT_EQ(inverse[3], 0.25);
  }
  CUDA_CALL(cudaSetDevice(0));
}

TEST_F(BlasOnDevice, WrongSizesHaveAStatus) {
  const BlasBatch b;
  EXPECT_EQ(b.factorize(2, 1), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(b.factorize(-1), CUBLAS_STATUS_INVALID_VALUE);
}

TEST_F(BlasOnDevice, RefusesWhatTheDocumentationDoesNotAllow) {
  BlasBatch b;
  std::vector<int> host(4, 1);
  EXPECT_DEATH(cublasDgetrfBatched(b.handle, 2, b.a_at.data(), 3, host.data(), b.info.data(), 2), "no memory of");
  EXPECT_DEATH(cublasDgetrfBatched(b.handle, 2, b.a_at.data(), 4, b.pivot.data(), b.info.data(), 2), "too little");
  EXPECT_DEATH(cublasDgetrfBatched(b.handle, 3, b.a_at.data(), 3, b.pivot.data(), b.info.data(), 2), "too little");
  EXPECT_DEATH(b.solve(CUBLAS_OP_N, b.info.data()), "no host memory");
  EXPECT_DEATH(b.solve(CUBLAS_OP_N, host.data()), "pivots are not");  // nothing is factorized
  b.a_at = to_device(std::vector<double*>{b.a.data(), b.a.data() + 4});
  EXPECT_DEATH(b.factorize(), "on one another");
  CUDA_CALL(cudaSetDevice(1));
  EXPECT_DEATH(b.factorize(), "another device's");
  CUDA_CALL(cudaSetDevice(0));
}

//! [1 0 2; 0 3 0]
SparseRows two_by_three() { return {2, 3, {0, 2, 3}, {0, 2, 1}, {1, 2, 3}}; }

TEST_F(SparseOnDevice, ProductsAndDenseFormsByHand) {
  const SparseHandle handle;
  const DeviceSparse a(two_by_three());
  const DeviceArray<double> x = to_device(std::vector<double>{1, 2, 3, 4, 5, 6});
  const DeviceArray<double> y = to_device(std::vector<double>{1, 1, 1, 10}), dense(6);
  a.multiply(handle, 2, {x.data(), 3, 2}, -1, {y.data(), 2, 2});
  expect_numbers(to_host(y), {13, 11, 31, 20});
  a.densify(handle, {dense.data(), 2, 3});
  expect_numbers(to_host(dense), {1, 0, 0, 3, 2, 0});
}

TEST_F(SparseOnDevice, RefusesWhatTheDocumentationDoesNotAllow) {
  const SparseHandle handle;
  const DeviceSparse a(two_by_three());
  const DeviceArray<double> x(6), y(4), small(3);
  EXPECT_THROW(a.multiply(handle, 1, {y.data(), 2, 2}, 0, {x.data(), 2, 2}), Error);  // sizes
  EXPECT_DEATH(a.multiply(handle, 1, {small.data(), 3, 2}, 0, {y.data(), 2, 2}), "too little");
  EXPECT_DEATH(a.multiply(handle, 1, {x.data(), 3, 1}, 0, {x.data() + 2, 2, 1}), "where its factor lies");
  std::vector<double> host(6);
  EXPECT_DEATH(a.densify(handle, {host.data(), 2, 3}), "no memory of");
  EXPECT_DEATH(DeviceSparse({2, 3, {0, 2, 3}, {0, 3, 1}, {1, 2, 3}}).densify(handle, {x.data(), 2, 3}), "not in CSR");

  cusparseSpMatDescr_t m = nullptr;
  const auto create = [&](void* values) {
    return cusparseCreateCsr(&m, 2, 3, 3, a.begin(), a.column(), values, CUSPARSE_INDEX_32I, CUSPARSE_INDEX_32I,
                             CUSPARSE_INDEX_BASE_ZERO, CUDA_R_64F);
  };
  EXPECT_DEATH(create(host.data()), "no memory of");
  EXPECT_EQ(create(nullptr), CUSPARSE_STATUS_INVALID_VALUE);
}

TEST_F(SparseOnDevice, WorkspacesAreUsed) {
  const SparseHandle handle;
  const DeviceSparse a(two_by_three());
  const DeviceArray<double> dense(6);
  const DenseDescription to({dense.data(), 2, 3});
  cusparseSpMatDescr_t m = nullptr;
  cusparseCreateCsr(&m, 2, 3, 3, a.begin(), a.column(), a.value(), CUSPARSE_INDEX_32I, CUSPARSE_INDEX_32I,
                    CUSPARSE_INDEX_BASE_ZERO, CUDA_R_64F);
  std::size_t bytes = 0;
  cusparseSparseToDense_bufferSize(handle.get(), m, to.get(), CUSPARSE_SPARSETODENSE_ALG_DEFAULT, &bytes);
  EXPECT_GT(bytes, 0u);
  const DeviceArray<std::byte> buffer(bytes - 1);
  EXPECT_DEATH(cusparseSparseToDense(handle.get(), m, to.get(), CUSPARSE_SPARSETODENSE_ALG_DEFAULT, buffer.data()),
               "too little");
  cusparseDestroySpMat(m);
}

//! A = [0 2; 4 1]; p exchanges its rows, q nothing: [4 1; 0 2] = 1 [4 1; 0 2].
struct Refactorization {
  cusolverRfHandle_t rf = nullptr;
  std::vector<int> begin{0, 1, 3}, column{1, 0, 1}, p{1, 0}, q{0, 1}, l_begin{0, 1, 2}, l_column{0, 1},
      u_begin{0, 2, 3}, u_column{0, 1, 1};
  std::vector<double> value{2, 4, 1}, l{1, 1}, u{4, 1, 2};
  DeviceArray<int> d_begin = to_device(begin), d_column = to_device(column), d_p = to_device(p), d_q = to_device(q);
  DeviceArray<double> work = DeviceArray<double>(2);

  Refactorization() { cusolverRfCreate(&rf); }
  Refactorization(const Refactorization&) = delete;
  Refactorization& operator=(const Refactorization&) = delete;
  ~Refactorization() { cusolverRfDestroy(rf); }
  cusolverStatus_t set_up() {
    return cusolverRfSetupHost(2, 3, begin.data(), column.data(), value.data(), 2, l_begin.data(), l_column.data(),
                               l.data(), 3, u_begin.data(), u_column.data(), u.data(), p.data(), q.data(), rf);
  }
  cusolverStatus_t reset(const std::vector<double>& values) const {
    const DeviceArray<double> now = to_device(values);
    return cusolverRfResetValues(2, 3, d_begin.data(), d_column.data(), now.data(), d_p.data(), d_q.data(), rf);
  }
  cusolverStatus_t solve(const DeviceArray<double>& x, int columns = 1, int stride = 2) const {
    return cusolverRfSolve(rf, d_p.data(), d_q.data(), columns, work.data(), stride, x.data(), 2);
  }
};

TEST_F(RefactorizationOnDevice, SolvesTwoByTwo) {
  Refactorization r;
  ASSERT_EQ(r.set_up(), CUSOLVER_STATUS_SUCCESS);
  ASSERT_EQ(cusolverRfAnalyze(r.rf), CUSOLVER_STATUS_SUCCESS);
  ASSERT_EQ(r.reset({3, 5, 2}), CUSOLVER_STATUS_SUCCESS);  // [0 3; 5 2]
  ASSERT_EQ(cusolverRfRefactor(r.rf), CUSOLVER_STATUS_SUCCESS);
  const DeviceArray<double> x = to_device(std::vector<double>{6, 19});
  ASSERT_EQ(r.solve(x), CUSOLVER_STATUS_SUCCESS);
  expect_numbers(to_host(x), {3, 2});
  ASSERT_EQ(r.reset({0, 5, 2}), CUSOLVER_STATUS_SUCCESS);
  EXPECT_EQ(cusolverRfRefactor(r.rf), CUSOLVER_STATUS_ZERO_PIVOT);
}

TEST_F(RefactorizationOnDevice, EveryResponseStaysOnItsDevice) {
  const SparseRows a{2, 2, {0, 1, 3}, {1, 0, 1}, {2, 4, 1}}, l{2, 2, {0, 1, 2}, {0, 1}, {1, 1}},
      u{2, 2, {0, 2, 3}, {0, 1, 1}, {4, 1, 2}}, one{2, 2, {0, 1, 2}, {0, 1}, {1, 1}};
  const auto first = make_device_response(a, {{1, 0}, {0, 1}, l, u}, 0),
             second = make_device_response(a, {{1, 0}, {0, 1}, l, u}, 1);
  for (DeviceResponse* device : {first.get(), second.get()}) {
    StackedResponse answer;
    ASSERT_TRUE(device->solve({1, a, one, one}, answer));
    expect_numbers(answer.response, {-0.125, 0.5, 0.25, 0});  // of A^-1, by columns
    expect_numbers(answer.solution, {0.5, 0.25});
    expect_numbers(answer.residual, {0, 0});
  }
  CUDA_CALL(cudaSetDevice(0));
}

TEST_F(RefactorizationOnDevice, RefusesCallsThatAreNotInOrder) {
  Refactorization r;
  const DeviceArray<double> x = to_device(std::vector<double>{6, 19});
  EXPECT_DEATH(cusolverRfAnalyze(r.rf), "not in order");
  r.set_up();
  EXPECT_DEATH(r.reset({3, 5, 2}), "not in order");
  cusolverRfAnalyze(r.rf);
  EXPECT_DEATH(cusolverRfRefactor(r.rf), "not in order");
  r.reset({3, 5, 2});
  EXPECT_DEATH(r.solve(x), "not in order");
  cusolverRfRefactor(r.rf);
  EXPECT_DEATH(cusolverRfRefactor(r.rf), "not in order");  // it would factorize the factors
  EXPECT_EQ(r.solve(x, 2), CUSOLVER_STATUS_INVALID_VALUE);
  EXPECT_EQ(r.solve(x, 1, 1), CUSOLVER_STATUS_INVALID_VALUE);
  EXPECT_DEATH(r.solve(x, 1, 3), "too little");
  EXPECT_DEATH(r.solve(DeviceArray<double>(1)), "too little");
}

TEST_F(RefactorizationOnDevice, RefusesFactorsOfAnotherMatrix) {
  const auto expect_refused = [](const std::function<void(Refactorization&)>& change, const char* why) {
    Refactorization r;
    change(r);
    EXPECT_DEATH(r.set_up(), why);
  };
  expect_refused([](auto& r) { r.value[0] = 2.1; }, "is not P A Q");
  expect_refused([](auto& r) { r.p = {0, 1}; }, "no room");
  expect_refused([](auto& r) { r.q = {1, 0}; }, "no room");
  expect_refused([](auto& r) { r.q = {1, 1}; }, "no permutation");
  expect_refused([](auto& r) { r.l[1] = 2; }, "no unit diagonal");
  expect_refused([](auto& r) { r.u_column[0] = 1, r.u_column[1] = 0; }, "do not ascend");
}

TEST_F(RefactorizationOnDevice, RefusesAnotherPatternOrOrder) {
  Refactorization r;
  r.set_up();
  cusolverRfAnalyze(r.rf);
  std::swap(r.d_p, r.d_q);
  EXPECT_DEATH(r.reset({3, 5, 2}), "when the refactorization was set up");
  std::swap(r.d_p, r.d_q);
  EXPECT_DEATH(cusolverRfResetValues(2, 3, r.d_begin.data(), r.d_column.data(), r.value.data(), r.d_p.data(),
                                     r.d_q.data(), r.rf),
               "no memory of");
}

}  // namespace
}  // namespace gridqueue

// cuSOLVER's refactorization in its default format: rows, the unit diagonal stored in L. Calls must come in the order
// of its documentation, with new values before every factorization; what is set up is one matrix with its own factors,
// which have room for every fill-in. No pivots are chosen.
#include <cusolverRf.h>

#include <algorithm>
#include <atomic>

#include "tests/cuda_emulation/device/garbage.hpp"
#include "tests/cuda_emulation/device/libraries.hpp"
#include "tests/cuda_emulation/device/rf_factors.hpp"

namespace cuda_emulation {

enum class RfStage { created, set_up, analyzed, has_values, factorized };

}  // namespace cuda_emulation

struct cusolverRfCommon : cuda_emulation::Owned {
  cuda_emulation::RfStage stage = cuda_emulation::RfStage::created;
  cuda_emulation::RfFactors factors;
};

namespace cuda_emulation {
namespace {

std::atomic<int> refactorized{0};

cusolverRfCommon& in_order(cusolverRfHandle_t handle, RfStage least, RfStage most) {
  cusolverRfCommon& rf = usable(handle);
  if (rf.stage < least || rf.stage > most) refuse("calls of cuSOLVER's refactorization are not in order");
  return rf;
}

void expect_same(const std::vector<int>& as_set_up, const int* now) {
  device_array(now, as_set_up.size());
  if (!std::equal(as_set_up.begin(), as_set_up.end(), now))
    refuse("a pattern or an order is not what it was when the refactorization was set up");
}

}  // namespace

int refactorizations() { return refactorized; }

std::span<const LibraryFunction> cusolver_functions() {
  static const LibraryFunction all[] = {
      {"cusolverRfCreate", reinterpret_cast<void*>(&cusolverRfCreate)},
      {"cusolverRfDestroy", reinterpret_cast<void*>(&cusolverRfDestroy)},
      {"cusolverRfSetupHost", reinterpret_cast<void*>(&cusolverRfSetupHost)},
      {"cusolverRfAnalyze", reinterpret_cast<void*>(&cusolverRfAnalyze)},
      {"cusolverRfResetValues", reinterpret_cast<void*>(&cusolverRfResetValues)},
      {"cusolverRfRefactor", reinterpret_cast<void*>(&cusolverRfRefactor)},
      {"cusolverRfSolve", reinterpret_cast<void*>(&cusolverRfSolve)},
  };
  return all;
}

}  // namespace cuda_emulation

using namespace cuda_emulation;

cusolverStatus_t cusolverRfCreate(cusolverRfHandle_t* handle) {
  const Lock lock(runtime().mutex);
  *host_array(handle) = new cusolverRfCommon;
  return CUSOLVER_STATUS_SUCCESS;
}
cusolverStatus_t cusolverRfDestroy(cusolverRfHandle_t handle) {
  delete &usable(handle);
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverRfSetupHost(int n, int nnzA, int* h_csrRowPtrA, int* h_csrColIndA, double* h_csrValA, int nnzL,
                                     int* h_csrRowPtrL, int* h_csrColIndL, double* h_csrValL, int nnzU,
                                     int* h_csrRowPtrU, int* h_csrColIndU, double* h_csrValU, int* h_P, int* h_Q,
                                     cusolverRfHandle_t handle) {
  const Lock lock(runtime().mutex);
  cusolverRfCommon& rf = usable(handle);
  if (n <= 0 || nnzA <= 0 || nnzL <= 0 || nnzU <= 0) return CUSOLVER_STATUS_INVALID_VALUE;
  rf.factors = RfFactors(rows_from_host(n, nnzA, h_csrRowPtrA, h_csrColIndA, h_csrValA),
                         rows_from_host(n, nnzL, h_csrRowPtrL, h_csrColIndL, h_csrValL),
                         rows_from_host(n, nnzU, h_csrRowPtrU, h_csrColIndU, h_csrValU), order_from_host(n, h_P),
                         order_from_host(n, h_Q));
  rf.stage = RfStage::set_up;
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverRfAnalyze(cusolverRfHandle_t handle) {
  const Lock lock(runtime().mutex);
  in_order(handle, RfStage::set_up, RfStage::set_up).stage = RfStage::analyzed;
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverRfResetValues(int n, int nnzA, int* csrRowPtrA, int* csrColIndA, double* csrValA, int* P,
                                       int* Q, cusolverRfHandle_t handle) {
  const InLegacyStream turn;
  cusolverRfCommon& rf = in_order(handle, RfStage::analyzed, RfStage::factorized);
  const Csr& a = rf.factors.a();
  if (n != rf.factors.n() || at(nnzA) != a.column.size()) return CUSOLVER_STATUS_INVALID_VALUE;
  expect_same(a.begin, csrRowPtrA), expect_same(a.column, csrColIndA);
  expect_same(rf.factors.p(), P), expect_same(rf.factors.q(), Q);
  rf.factors.reset(device_array(csrValA, at(nnzA)));
  rf.stage = RfStage::has_values;
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverRfRefactor(cusolverRfHandle_t handle) {
  const InLegacyStream turn;
  cusolverRfCommon& rf = in_order(handle, RfStage::has_values, RfStage::has_values);
  const bool regular = rf.factors.refactor();
  rf.stage = regular ? RfStage::factorized : RfStage::analyzed;
  if (!regular) return CUSOLVER_STATUS_ZERO_PIVOT;
  ++refactorized;
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverRfSolve(cusolverRfHandle_t handle, int* P, int* Q, int nrhs, double* Temp, int ldt, double* XF,
                                 int ldxf) {
  const InLegacyStream turn;
  const cusolverRfCommon& rf = in_order(handle, RfStage::factorized, RfStage::factorized);
  if (nrhs != 1 || ldt < rf.factors.n() || ldxf < rf.factors.n()) return CUSOLVER_STATUS_INVALID_VALUE;
  expect_same(rf.factors.p(), P), expect_same(rf.factors.q(), Q);
  device_array(XF, at(ldxf)), device_array(Temp, at(ldt));
  fill_with_garbage(Temp, at(ldt) * sizeof(double));
  rf.factors.solve(XF, Temp);
  fill_with_garbage(Temp, at(ldt) * sizeof(double));
  return CUSOLVER_STATUS_SUCCESS;
}

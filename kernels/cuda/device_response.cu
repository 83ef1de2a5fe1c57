// Stacked systems refactorized by cuSOLVER, multiplied by cuSPARSE; all on the default stream.
#define DISABLE_CUSOLVER_DEPRECATED  // what replaces cusolverRf does not come with the toolkit
#include <cusolverRf.h>

#include <cmath>

#include "kernels/cuda/cuda_sparse.cuh"
#include "kernels/cuda/launch.cuh"

#define CUSOLVER(function) reinterpret_cast<decltype(&function)>(::gridqueue::cusolver_function(#function))
//! Calls a function of cuSOLVER; throws Error(unavailable) where it fails.
#define CUSOLVER_CALL(function, ...) \
  ::gridqueue::check_cusolver(CUSOLVER(function)(__VA_ARGS__), #function, __FILE__, __LINE__)

namespace gridqueue {
namespace {

void check_cusolver(cusolverStatus_t status, const char* call, const char* file, int line) {
  if (status == CUSOLVER_STATUS_SUCCESS) return;
  cuda_failed(call, ("cuSOLVER status " + std::to_string(static_cast<int>(status))).c_str(), file, line, false);
}

struct RfDestroy {
  int device;
  void operator()(cusolverRfHandle_t rf) const {
    const CurrentDevice home(device);
    CUSOLVER(cusolverRfDestroy)(rf);
  }
};
using RfHandle = std::unique_ptr<cusolverRfCommon, RfDestroy>;

RfHandle make_rf() {
  cusolverRfHandle_t rf = nullptr;
  CUSOLVER_CALL(cusolverRfCreate, &rf);
  return RfHandle(rf, RfDestroy{current_device()});
}

//! Largest magnitude in each block of a column.
struct LargestOfBlock {
  const double* x;
  int block, blocks;  //!< rows of a block; blocks of a column
  double* largest;    //!< [columns][blocks]
  __device__ void operator()(std::int64_t i) const {
    const double* first = x + i * block;
    double best = 0;
    for (int k = 0; k < block; ++k) {
      const double a = fabs(first[k]);
      if (!(a <= best)) best = a == a ? a : HUGE_VAL;
    }
    largest[i] = best;
  }
};

class ResponseOnDevice final : public DeviceResponse {
 public:
  ResponseOnDevice(SparseRows a, OrderedFactors f,
                   int device)  // by value: cuSOLVER asks for pointers to what may change
      : device_((CUDA_CALL(cudaSetDevice(device)), device)), size_(a.rows),
        nonzeros_(static_cast<int>(a.column.size())), p_(to_device(f.p)), q_(to_device(f.q)),
        work_(static_cast<std::size_t>(a.rows)), rf_(make_rf()) {
    CUSOLVER_CALL(cusolverRfSetupHost, size_, nonzeros_, a.begin.data(), a.column.data(), a.value.data(),
                  static_cast<int>(f.l.column.size()), f.l.begin.data(), f.l.column.data(), f.l.value.data(),
                  static_cast<int>(f.u.column.size()), f.u.begin.data(), f.u.column.data(), f.u.value.data(),
                  f.p.data(), f.q.data(), rf_.get());
    CUDA_CALL(cudaDeviceSynchronize());
    CUSOLVER_CALL(cusolverRfAnalyze, rf_.get());
  }

  bool solve(const StackedSystems& s, StackedResponse& answer) override {
    CUDA_CALL(cudaSetDevice(device_));
    const DeviceSparse a(s.a), b(s.b), c(s.c);
    CUSOLVER_CALL(cusolverRfResetValues, size_, nonzeros_, a.begin(), a.column(), a.value(), p_.data(), q_.data(),
                  rf_.get());
    const cusolverStatus_t status = CUSOLVER(cusolverRfRefactor)(rf_.get());
    if (status == CUSOLVER_STATUS_ZERO_PIVOT) return false;
    check_cusolver(status, "cusolverRfRefactor", __FILE__, __LINE__);
    const auto size = static_cast<std::size_t>(size_), columns = static_cast<std::size_t>(s.b.columns);
    const DeviceArray<double> x(size * columns), r(size * columns), y(static_cast<std::size_t>(s.c.rows) * columns);
    const DenseColumns solution{x.data(), size_, s.b.columns}, residual{r.data(), size_, s.b.columns};
    b.densify(sparse_, solution);
    b.densify(sparse_, residual);
    for (std::size_t k = 0; k < columns; ++k)  // one right-hand side is all that it takes at once
      CUSOLVER_CALL(cusolverRfSolve, rf_.get(), p_.data(), q_.data(), 1, work_.data(), size_, x.data() + k * size,
                    size_);
    a.multiply(sparse_, -1, solution, 1, residual);
    c.multiply(sparse_, 1, solution, 0, {y.data(), s.c.rows, s.b.columns});
    answer.response = to_host(y);
    answer.solution = largest(solution, s.systems);
    answer.residual = largest(residual, s.systems);
    return true;
  }

 private:
  static std::vector<double> largest(const DenseColumns& x, int blocks) {
    const DeviceArray<double> best(static_cast<std::size_t>(blocks) * static_cast<std::size_t>(x.columns));
    launch(static_cast<std::int64_t>(best.size()), LargestOfBlock{x.data, x.rows / blocks, blocks, best.data()});
    return to_host(best);
  }

  int device_, size_, nonzeros_;
  DeviceArray<int> p_, q_;
  DeviceArray<double> work_;
  SparseHandle sparse_;
  RfHandle rf_;
};

}  // namespace

std::unique_ptr<DeviceResponse> make_device_response(const SparseRows& a, const OrderedFactors& factors, int device) {
  return std::make_unique<ResponseOnDevice>(a, factors, device);
}

}  // namespace gridqueue

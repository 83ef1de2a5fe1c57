// Launches cuBLAS's batched LU for DeviceBasis; no kernel of our own.
#include <algorithm>
#include <limits>

#include "kernels/cuda/cublas.cuh"
#include "kernels/cuda/device_array.cuh"
#include "kernels/device/device_basis.hpp"

namespace gridqueue {
namespace {

//! [count] where each matrix or vector begins, on the device.
DeviceArray<double*> places(const DeviceArray<double>& data, std::size_t count, std::size_t stride) {
  std::vector<double*> begin(count);
  for (std::size_t i = 0; i < count; ++i) begin[i] = data.data() + i * stride;
  return to_device(begin);
}

DeviceArray<double> upload(const double* host, std::size_t size) {
  DeviceArray<double> device(size);
  send_to_device(device.data(), host, size * sizeof(double));
  return device;
}

void download(double* host, const DeviceArray<double>& device, std::size_t size) {
  CUDA_CALL(cudaMemcpy(host, device.data(), size * sizeof(double), cudaMemcpyDeviceToHost));
}

class CublasBasis final : public DeviceBasis {
 public:
  explicit CublasBasis(int device) : device_(device) {
    CUDA_CALL(cudaSetDevice(device_));
    CUBLAS_CALL(create, &handle_);
  }
  CublasBasis(const CublasBasis&) = delete;
  CublasBasis& operator=(const CublasBasis&) = delete;
  ~CublasBasis() override {
    const CurrentDevice home(device_);  // handles are their device's
    Cublas::library().destroy(handle_);
  }

  [[nodiscard]] std::size_t capacity(std::size_t n) const override {
    std::size_t free = 0, total = 0;
    CUDA_CALL(cudaSetDevice(device_));
    CUDA_CALL(cudaMemGetInfo(&free, &total));
    const std::size_t each = (2 * n * n + 2 * n) * sizeof(double) + 4 * sizeof(double*) + (n + 1) * sizeof(int);
    return free / 2 / each;
  }

  //! LU in place of A; the right-hand sides become the solutions.
  void solve(const BasisArrays& s) override {
    CUDA_CALL(cudaSetDevice(device_));
    const int n = static_cast<int>(s.n), count = static_cast<int>(s.count);
    const std::size_t matrix = s.n * s.n;
    const DeviceArray<double> a = upload(s.a, s.count * matrix), x = upload(s.d, s.count * s.n),
                              mu = upload(s.c, s.count * s.n);
    const DeviceArray<double> inverse(s.count * matrix);
    const DeviceArray<double*> a_at = places(a, s.count, matrix), inverse_at = places(inverse, s.count, matrix),
                               x_at = places(x, s.count, s.n), mu_at = places(mu, s.count, s.n);
    const DeviceArray<int> pivot(s.count * s.n), info(s.count);
    CUBLAS_CALL(getrf, handle_, n, a_at.data(), n, pivot.data(), info.data(), count);
    CUBLAS_CALL(getri, handle_, n, a_at.data(), n, pivot.data(), inverse_at.data(), n, info.data(), count);
    int wrong = 0;  // number of an argument
    CUBLAS_CALL(getrs, handle_, CUBLAS_OP_N, n, 1, a_at.data(), n, pivot.data(), x_at.data(), n, &wrong, count);
    CUBLAS_CALL(getrs, handle_, CUBLAS_OP_T, n, 1, a_at.data(), n, pivot.data(), mu_at.data(), n, &wrong, count);
    download(s.x, x, s.count * s.n);
    download(s.mu, mu, s.count * s.n);
    download(s.inverse, inverse, s.count * matrix);
    forget_singular(s, info);
  }

 private:
  //! Where a pivot is zero cuBLAS says so and nothing about what the answers hold.
  static void forget_singular(const BasisArrays& s, const DeviceArray<int>& info) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    const std::vector<int> zero_pivot = to_host(info);
    for (std::size_t i = 0; i < s.count; ++i) {
      if (zero_pivot[i] == 0) continue;
      std::fill_n(s.x + i * s.n, s.n, none);
      std::fill_n(s.mu + i * s.n, s.n, none);
      std::fill_n(s.inverse + i * s.n * s.n, s.n * s.n, none);
    }
  }

  int device_;
  cublasHandle_t handle_ = nullptr;
};

}  // namespace

std::unique_ptr<DeviceBasis> make_device_basis(int device) { return std::make_unique<CublasBasis>(device); }

}  // namespace gridqueue

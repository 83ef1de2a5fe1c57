// Batches of small dense systems on a CUDA device: LU with pivoting, inverse, solutions (cuBLAS).
#pragma once
#include <cstddef>
#include <memory>

namespace gridqueue {

//! On the host; matrices column-major, one after the other.
struct BasisArrays {
  std::size_t n = 0, count = 0;
  const double* a = nullptr;  //!< [count][n][n]
  const double* d = nullptr;  //!< [count][n]
  const double* c = nullptr;  //!< [count][n]
  double* x = nullptr;        //!< [count][n] A x = d
  double* mu = nullptr;       //!< [count][n] A^T mu = c
  double* inverse = nullptr;  //!< [count][n][n]
};

class DeviceBasis {
 public:
  virtual ~DeviceBasis() = default;
  [[nodiscard]] virtual std::size_t capacity(std::size_t n) const = 0;  //!< systems that fit the device; 0 = none
  //! What a singular matrix gives is not finite.
  virtual void solve(const BasisArrays& systems) = 0;
};

//! Throws Error(unavailable) where cuBLAS cannot be loaded or the device cannot be used.
std::unique_ptr<DeviceBasis> make_device_basis(int device);

}  // namespace gridqueue

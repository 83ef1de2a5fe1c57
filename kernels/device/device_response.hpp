// C A^-1 B of several sparse systems at once on a device: cuSOLVER's refactorization and cuSPARSE.
//
// The systems have one pattern and are stacked to one block-diagonal system, which the (unbatched) refactorization
// takes as it is; its batched form crashes in CUDA 12.3 to 13.2. Rows and columns are ordered once, by a factorization
// on the host; on the device pivots stay where that put them. How well that did shows in the residuals.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

namespace gridqueue {

//! A sparse matrix by rows; columns ascend within a row.
struct SparseRows {
  int rows = 0, columns = 0;
  std::vector<int> begin{0}, column;  //!< [rows + 1], [nonzeros]
  std::vector<double> value;          //!< [nonzeros]
};

//! `a` and `c` block-diagonal, `b` one block on top of the other.
struct StackedSystems {
  int systems = 0;
  SparseRows a, b, c;
};

//! a(p, q) = l u. The diagonal of l is stored.
struct OrderedFactors {
  std::vector<int> p, q;
  SparseRows l, u;
};

struct StackedResponse {
  std::vector<double> response;            //!< [columns of b][rows of c]
  std::vector<double> solution, residual;  //!< [columns of b][systems] largest |x|, |b - a x|; inf where not a number
};

class DeviceResponse {
 public:
  virtual ~DeviceResponse() = default;
  //! Systems of the pattern this was made for; false where a pivot is zero.
  virtual bool solve(const StackedSystems& systems, StackedResponse& answer) = 0;
};

//! `factors` are those of `a`; systems to solve have its pattern. Throws Error(unavailable) where the libraries are not
//! here.
std::unique_ptr<DeviceResponse> make_device_response(const SparseRows& a, const OrderedFactors& factors, int device);

}  // namespace gridqueue

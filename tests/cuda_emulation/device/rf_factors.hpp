// A matrix and its factors, as cuSOLVER's refactorization keeps them: P A Q^T = L U, where row i of P A is row p[i] of
// A.
#pragma once
#include <vector>

namespace cuda_emulation {

struct Csr {
  std::vector<int> begin, column;
  std::vector<double> value;
};

//! Ends the program where these are no CSR whose columns ascend within each row, or no permutation.
Csr rows_from_host(int n, int entries, const int* begin, const int* column, const double* value);
std::vector<int> order_from_host(int n, const int* order);

class RfFactors {
 public:
  RfFactors() = default;
  //! Ends the program where L U is not P A Q^T, and where L and U have no room for a fill-in.
  RfFactors(Csr a, const Csr& l, const Csr& u, std::vector<int> p, std::vector<int> q);

  [[nodiscard]] int n() const { return static_cast<int>(p_.size()); }
  [[nodiscard]] const Csr& a() const { return a_; }
  [[nodiscard]] const std::vector<int>& p() const { return p_; }
  [[nodiscard]] const std::vector<int>& q() const { return q_; }

  void reset(const double* values_of_a);
  //! False where a pivot is zero.
  bool refactor();
  //! x = A^-1 x; `work` has n numbers.
  void solve(double* x, double* work) const;

 private:
  void bundle(const Csr& l, const Csr& u);
  void place_a();
  void check_product() const;

  Csr a_, lu_;  //!< lu: the rows of L, less its unit diagonal, and of U
  std::vector<int> p_, q_;
  std::vector<int> diagonal_;    //!< [n] in lu
  std::vector<int> place_of_a_;  //!< [nonzeros of a] in lu
};

//! cusolverRfRefactor() succeeded so often in this process.
int refactorizations();

}  // namespace cuda_emulation

#include "tests/cuda_emulation/device/rf_factors.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "tests/cuda_emulation/device/libraries.hpp"

namespace cuda_emulation {
namespace {

//! Where a row of L and U has room for each column.
class RowPlaces {
 public:
  RowPlaces(const Csr& lu, int n) : lu_(lu), place_(at(n), -1) {}
  void go_to(int row) {
    if (row > 0) set(row - 1, false);
    set(row, true);
  }
  [[nodiscard]] std::size_t of(int column) const {
    if (place_[at(column)] < 0) refuse("L and U have no room for a fill-in");
    return at(place_[at(column)]);
  }

 private:
  void set(int row, bool room) {
    for (int i = lu_.begin[at(row)]; i < lu_.begin[at(row + 1)]; ++i) place_[at(lu_.column[at(i)])] = room ? i : -1;
  }
  const Csr& lu_;
  std::vector<int> place_;
};

}  // namespace

Csr rows_from_host(int n, int entries, const int* begin, const int* column, const double* value) {
  host_array(begin), host_array(column), host_array(value);
  if (!is_csr(n, n, entries, begin, column)) refuse("a matrix to factorize is not in CSR");
  for (int r = 0; r < n; ++r)
    for (int k = begin[r] + 1; k < begin[r + 1]; ++k)
      if (column[k - 1] >= column[k]) refuse("columns of a matrix to factorize do not ascend");
  return {{begin, begin + n + 1}, {column, column + entries}, {value, value + entries}};
}

std::vector<int> order_from_host(int n, const int* order) {
  std::vector<int> all(host_array(order), order + n), sorted = all;
  std::sort(sorted.begin(), sorted.end());
  for (int i = 0; i < n; ++i)
    if (sorted[at(i)] != i) refuse("an order of rows or columns is no permutation");
  return all;
}

RfFactors::RfFactors(Csr a, const Csr& l, const Csr& u, std::vector<int> p, std::vector<int> q)
    : a_(std::move(a)), p_(std::move(p)), q_(std::move(q)) {
  bundle(l, u);
  place_a();
  check_product();
}

void RfFactors::bundle(const Csr& l, const Csr& u) {
  lu_.begin = {0};
  const auto append = [&](const Csr& from, int begin, int end) {
    lu_.column.insert(lu_.column.end(), from.column.begin() + begin, from.column.begin() + end);
    lu_.value.insert(lu_.value.end(), from.value.begin() + begin, from.value.begin() + end);
  };
  for (int r = 0; r < n(); ++r) {
    const int last = l.begin[at(r + 1)] - 1, first = u.begin[at(r)];
    if (last < l.begin[at(r)] || l.column[at(last)] != r || l.value[at(last)] != 1)
      refuse("L has no unit diagonal, or is not lower");
    if (first == u.begin[at(r + 1)] || u.column[at(first)] != r) refuse("U has no diagonal, or is not upper");
    append(l, l.begin[at(r)], last);
    diagonal_.push_back(static_cast<int>(lu_.column.size()));
    append(u, first, u.begin[at(r + 1)]);
    lu_.begin.push_back(static_cast<int>(lu_.column.size()));
  }
}

void RfFactors::place_a() {
  std::vector<int> column(at(n()));  // of P A Q^T, for each of A
  for (int k = 0; k < n(); ++k) column[at(q_[at(k)])] = k;
  place_of_a_.resize(a_.column.size());
  RowPlaces places(lu_, n());
  for (int r = 0; r < n(); ++r) {
    places.go_to(r);
    for (int i = a_.begin[at(p_[at(r)])]; i < a_.begin[at(p_[at(r)] + 1)]; ++i)
      place_of_a_[at(i)] = static_cast<int>(places.of(column[at(a_.column[at(i)])]));
  }
}

void RfFactors::check_product() const {
  std::vector<double> difference(lu_.value.size(), 0.0), size(lu_.value.size(), 0.0);
  const auto add = [&](std::size_t to, double number) { difference[to] += number, size[to] += std::abs(number); };
  for (std::size_t i = 0; i < place_of_a_.size(); ++i) add(at(place_of_a_[i]), -a_.value[i]);
  RowPlaces places(lu_, n());
  for (int r = 0; r < n(); ++r) {
    places.go_to(r);
    for (int i = lu_.begin[at(r)]; i < diagonal_[at(r)]; ++i) {
      const int above = lu_.column[at(i)];
      for (int k = diagonal_[at(above)]; k < lu_.begin[at(above + 1)]; ++k)
        add(places.of(lu_.column[at(k)]), lu_.value[at(i)] * lu_.value[at(k)]);
    }
    for (int k = diagonal_[at(r)]; k < lu_.begin[at(r + 1)]; ++k) add(at(k), lu_.value[at(k)]);
  }
  for (std::size_t i = 0; i < size.size(); ++i)
    if (!(std::abs(difference[i]) <= 1e-9 * size[i])) refuse("L U is not P A Q^T");
}

void RfFactors::reset(const double* values_of_a) {
  std::fill(lu_.value.begin(), lu_.value.end(), 0.0);
  for (std::size_t i = 0; i < place_of_a_.size(); ++i) lu_.value[at(place_of_a_[i])] = values_of_a[i];
}

bool RfFactors::refactor() {
  RowPlaces places(lu_, n());
  for (int r = 0; r < n(); ++r) {
    places.go_to(r);
    for (int i = lu_.begin[at(r)]; i < diagonal_[at(r)]; ++i) {
      const int above = lu_.column[at(i)], pivot = diagonal_[at(above)];
      const double factor = lu_.value[at(i)] /= lu_.value[at(pivot)];
      for (int k = pivot + 1; k < lu_.begin[at(above + 1)]; ++k)
        lu_.value[places.of(lu_.column[at(k)])] -= factor * lu_.value[at(k)];
    }
    if (lu_.value[at(diagonal_[at(r)])] == 0) return false;
  }
  return true;
}

void RfFactors::solve(double* x, double* work) const {
  const auto subtract = [&](int row, int first, int last) {
    for (int i = first; i < last; ++i) work[row] -= lu_.value[at(i)] * work[lu_.column[at(i)]];
  };
  for (int r = 0; r < n(); ++r) {
    work[r] = x[p_[at(r)]];
    subtract(r, lu_.begin[at(r)], diagonal_[at(r)]);
  }
  for (int r = n(); r-- > 0;) {
    subtract(r, diagonal_[at(r)] + 1, lu_.begin[at(r + 1)]);
    work[r] /= lu_.value[at(diagonal_[at(r)])];
  }
  for (int k = 0; k < n(); ++k) x[q_[at(k)]] = work[k];
}

}  // namespace cuda_emulation

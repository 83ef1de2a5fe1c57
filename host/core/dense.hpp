// Matrices in interfaces: plain numbers, so that only files that compute with them include Eigen (dense_eigen.hpp).
#pragma once
#include <cstddef>
#include <vector>

namespace gridqueue {

//! [rows][columns], column-major.
template <class T>
struct DenseMatrix {
  std::size_t rows = 0, columns = 0;
  std::vector<T> values;
  const T& operator()(std::size_t row, std::size_t column) const { return values[column * rows + row]; }
  T& operator()(std::size_t row, std::size_t column) { return values[column * rows + row]; }
  bool operator==(const DenseMatrix&) const = default;
};

template <class T>
DenseMatrix<T> zeros(std::size_t rows, std::size_t columns) {
  return {rows, columns, std::vector<T>(rows * columns)};
}

}  // namespace gridqueue

// Plain numbers as Eigen sees them, without a copy, and back.
#pragma once
#include <Eigen/Dense>

#include "host/core/dense.hpp"

namespace gridqueue {

template <class T>
using EigenMatrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;

template <class T>
Eigen::Map<const EigenMatrix<T>> eigen(const DenseMatrix<T>& m) {
  return {m.values.data(), static_cast<Eigen::Index>(m.rows), static_cast<Eigen::Index>(m.columns)};
}
template <class T>
Eigen::Map<const Eigen::Matrix<T, Eigen::Dynamic, 1>> eigen(const std::vector<T>& v) {
  return {v.data(), static_cast<Eigen::Index>(v.size())};
}

template <class Expression>
DenseMatrix<typename Expression::Scalar> dense(const Eigen::MatrixBase<Expression>& expression) {
  const EigenMatrix<typename Expression::Scalar> m = expression;
  return {static_cast<std::size_t>(m.rows()), static_cast<std::size_t>(m.cols()), {m.data(), m.data() + m.size()}};
}
//! Of one column.
template <class Expression>
std::vector<typename Expression::Scalar> numbers(const Eigen::MatrixBase<Expression>& expression) {
  return dense(expression).values;
}

}  // namespace gridqueue

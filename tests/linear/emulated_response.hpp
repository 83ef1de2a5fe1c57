// Devices for stacked systems: one in plain C++, and one that counts.
#pragma once
#include <gtest/gtest.h>

#include <Eigen/Dense>

#include "host/linear/stacked_systems.hpp"

namespace gridqueue {

//! What cusolverRf does: new values in the pattern of the factors, no pivoting.
class EmulatedResponse final : public DeviceResponse {
 public:
  EmulatedResponse(SparseRows a, OrderedFactors f) : pattern_(std::move(a)), f_(std::move(f)) {}

  bool solve(const StackedSystems& s, StackedResponse& answer) override {
    EXPECT_TRUE(same_pattern(s.a, pattern_));
    const Eigen::MatrixXd a = dense(s.a), b = dense(s.b);
    if (!refactor(a)) return false;
    Eigen::MatrixXd x(b.rows(), b.cols());
    for (Eigen::Index column = 0; column < b.cols(); ++column) x.col(column) = substitute(b.col(column));
    const Eigen::MatrixXd response = dense(s.c) * x, residual = b - a * x;
    answer.response.assign(response.data(), response.data() + response.size());
    const Eigen::Index block = a.rows() / s.systems;
    for (Eigen::Index column = 0; column < b.cols(); ++column)
      for (int i = 0; i < s.systems; ++i) {
        answer.solution.push_back(x.col(column).segment(i * block, block).cwiseAbs().maxCoeff());
        answer.residual.push_back(residual.col(column).segment(i * block, block).cwiseAbs().maxCoeff());
      }
    return true;
  }

 private:
  static Eigen::MatrixXd dense(const SparseRows& m) {
    Eigen::MatrixXd d = Eigen::MatrixXd::Zero(m.rows, m.columns);
    for (int r = 0; r < m.rows; ++r)
      for (int k = m.begin[static_cast<std::size_t>(r)]; k < m.begin[static_cast<std::size_t>(r) + 1]; ++k)
        d(r, m.column[static_cast<std::size_t>(k)]) = m.value[static_cast<std::size_t>(k)];
    return d;
  }

  bool refactor(const Eigen::MatrixXd& a) {
    const auto n = a.rows();
    std::vector<std::vector<char>> kept(static_cast<std::size_t>(n), std::vector<char>(static_cast<std::size_t>(n), 0));
    for (const SparseRows* m : {&f_.l, &f_.u})
      for (int r = 0; r < m->rows; ++r)
        for (int k = m->begin[static_cast<std::size_t>(r)]; k < m->begin[static_cast<std::size_t>(r) + 1]; ++k)
          kept[static_cast<std::size_t>(r)][static_cast<std::size_t>(m->column[static_cast<std::size_t>(k)])] = 1;
    lu_ = Eigen::MatrixXd(n, n);
    for (Eigen::Index r = 0; r < n; ++r)
      for (Eigen::Index c = 0; c < n; ++c)
        lu_(r, c) = a(f_.p[static_cast<std::size_t>(r)], f_.q[static_cast<std::size_t>(c)]);
    for (Eigen::Index k = 0; k < n; ++k) {
      if (lu_(k, k) == 0) return false;
      for (Eigen::Index r = k + 1; r < n; ++r) {
        lu_(r, k) /= lu_(k, k);
        if (lu_(r, k) != 0) lu_.row(r).tail(n - k - 1) -= lu_(r, k) * lu_.row(k).tail(n - k - 1);
      }
    }
    for (Eigen::Index r = 0; r < n; ++r)
      for (Eigen::Index c = 0; c < n; ++c)
        if (!kept[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)]) {
          EXPECT_EQ(lu_(r, c), 0) << "outside the factors' pattern: " << r << ' ' << c;
        }
    return true;
  }

  [[nodiscard]] Eigen::VectorXd substitute(const Eigen::VectorXd& b) const {
    Eigen::VectorXd y(b.size()), x(b.size());
    for (Eigen::Index k = 0; k < b.size(); ++k) y[k] = b[f_.p[static_cast<std::size_t>(k)]];
    lu_.triangularView<Eigen::UnitLower>().solveInPlace(y);
    lu_.triangularView<Eigen::Upper>().solveInPlace(y);
    for (Eigen::Index k = 0; k < b.size(); ++k) x[f_.q[static_cast<std::size_t>(k)]] = y[k];
    return x;
  }

  SparseRows pattern_;
  OrderedFactors f_;
  Eigen::MatrixXd lu_;
};

//! Counts the stacks solved.
class CountedResponse final : public DeviceResponse {
 public:
  CountedResponse(std::unique_ptr<DeviceResponse> device, int& solved) : device_(std::move(device)), solved_(solved) {}
  bool solve(const StackedSystems& s, StackedResponse& answer) override {
    const bool done = device_->solve(s, answer);
    solved_ += done;
    return done;
  }

 private:
  std::unique_ptr<DeviceResponse> device_;
  int& solved_;
};

}  // namespace gridqueue

#include "host/dss/dead_conductors.hpp"

#include <algorithm>
#include <cmath>

#include "host/core/dense_eigen.hpp"

namespace gridqueue {
namespace {

using Matrix = EigenMatrix<Complex>;
using Index = Eigen::Index;

constexpr double kNoAdmittance = 1e-15;  //!< [S]

//! Both ends' conductors, those of the first before those of the second.
template <class Line, class Use>
void each_entry(Line& line, const Use& use) {
  const std::size_t n = line.node[0].size();
  for (std::size_t t = 0; t < 2; ++t)
    for (std::size_t u = 0; u < 2; ++u)
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) use(line.y[t][u](i, j), t * n + i, u * n + j);
}

//! By the mean of both ends' voltages and their difference instead of these: an impedance joins what charging hardly
//! holds, and rounding would take charging away.
void split_modes(Matrix& y, Index one, Index other) {
  const Matrix columns = y;
  y.col(one) = columns.col(one) + columns.col(other);
  y.col(other) = (columns.col(one) - columns.col(other)) / 2.0;
  const Matrix rows = y;
  y.row(one) = rows.row(one) + rows.row(other);
  y.row(other) = (rows.row(one) - rows.row(other)) / 2.0;
}

//! Its current is 0.
void eliminate(Matrix& y, Index k) {
  if (std::abs(y(k, k)) < kNoAdmittance) return;
  const Matrix out = y.col(k) * y.row(k) / y(k, k);
  y -= out;
}

}  // namespace

void leave_out_dead_conductors(const DeadConductors& dead, DssBranch& line) {
  const std::size_t n = line.node[0].size();
  Matrix y(static_cast<Index>(2 * n), static_cast<Index>(2 * n));
  each_entry(line, [&](Complex entry, std::size_t r, std::size_t c) {
    y(static_cast<Index>(r), static_cast<Index>(c)) = entry;
  });
  for (std::size_t i : dead.through) split_modes(y, static_cast<Index>(i), static_cast<Index>(n + i));
  for (std::size_t i : dead.through) eliminate(y, static_cast<Index>(n + i));
  for (std::size_t i : dead.through)
    if (std::count(dead.grounded.begin(), dead.grounded.end(), i) == 0) eliminate(y, static_cast<Index>(i));
  for (const auto& [end, i] : dead.hanging) eliminate(y, static_cast<Index>(end * n + i));
  const auto stays = [&](std::size_t row) {
    return std::count(dead.through.begin(), dead.through.end(), row % n) == 0;
  };
  each_entry(line, [&](Complex& entry, std::size_t r, std::size_t c) {
    if (stays(r) && stays(c)) entry = y(static_cast<Index>(r), static_cast<Index>(c));
  });
}

}  // namespace gridqueue

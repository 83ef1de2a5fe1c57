#include "host/linear/stacked_systems.hpp"

#include <set>
#include <utility>

#include "gridqueue/contracts.hpp"
#include "host/linear/factorize.hpp"

namespace gridqueue {
namespace {

using RowMajor = Eigen::SparseMatrix<double, Eigen::RowMajor>;

//! Appends a row's entries, their columns moved by `shift`.
void append_row(SparseRows& to, const SparseRows& from, int row, int shift) {
  const auto first = static_cast<std::size_t>(from.begin[static_cast<std::size_t>(row)]);
  const auto last = static_cast<std::size_t>(from.begin[static_cast<std::size_t>(row) + 1]);
  for (std::size_t k = first; k < last; ++k) {
    to.column.push_back(from.column[k] + shift);
    to.value.push_back(from.value[k]);
  }
  to.begin.push_back(static_cast<int>(to.column.size()));
}

//! Below what stands there, `from` shifted to the right by `shift`.
void append(SparseRows& to, const SparseRows& from, int shift) {
  for (int r = 0; r < from.rows; ++r) append_row(to, from, r, shift);
  to.rows += from.rows;
  to.columns = std::max(to.columns, from.columns + shift);
}

//! order[k] = what Eigen's permutation brings to place k.
std::vector<int> order_of(const Eigen::PermutationMatrix<Eigen::Dynamic, Eigen::Dynamic, int>& permutation) {
  std::vector<int> order(static_cast<std::size_t>(permutation.size()));
  for (Eigen::Index i = 0; i < permutation.size(); ++i)
    order[static_cast<std::size_t>(permutation.indices()[i])] = static_cast<int>(i);
  return order;
}

//! l u = a(p, q) row by row, from the rows above.
class RowElimination {
 public:
  RowElimination(const SparseRows& a, OrderedFactors& out)
      : a_(a), out_(out), place_(out.q.size()), work_(out.q.size(), 0.0) {
    for (std::size_t k = 0; k < out.q.size(); ++k) place_[static_cast<std::size_t>(out.q[k])] = static_cast<int>(k);
    out.l.rows = out.l.columns = out.u.rows = out.u.columns = a.rows;
  }

  void run() {
    for (int r = 0; r < a_.rows; ++r) {
      scatter(static_cast<std::size_t>(out_.p[static_cast<std::size_t>(r)]));
      for (auto k = pattern_.begin(); k != pattern_.end() && *k < r; ++k) eliminate(static_cast<std::size_t>(*k));
      gather(r);
    }
  }

 private:
  void scatter(std::size_t row) {
    pattern_.clear();
    for (int i = a_.begin[row]; i < a_.begin[row + 1]; ++i) {
      const int column = place_[static_cast<std::size_t>(a_.column[static_cast<std::size_t>(i)])];
      pattern_.insert(column);
      work_[static_cast<std::size_t>(column)] = a_.value[static_cast<std::size_t>(i)];
    }
  }

  //! Subtracts a multiple of row k of u, which begins with its diagonal.
  void eliminate(std::size_t k) {
    const auto first = static_cast<std::size_t>(out_.u.begin[k]), last = static_cast<std::size_t>(out_.u.begin[k + 1]);
    const double factor = work_[k] /= out_.u.value[first];
    for (std::size_t i = first + 1; i < last; ++i) {
      pattern_.insert(out_.u.column[i]);
      work_[static_cast<std::size_t>(out_.u.column[i])] -= factor * out_.u.value[i];
    }
  }

  void gather(int row) {
    for (int column : pattern_) {
      SparseRows& to = column < row ? out_.l : out_.u;
      to.column.push_back(column);
      to.value.push_back(std::exchange(work_[static_cast<std::size_t>(column)], 0.0));
    }
    out_.l.column.push_back(row), out_.l.value.push_back(1.0);
    const auto diagonal = static_cast<std::size_t>(out_.u.begin.back());
    GQ_ENSURE(diagonal < out_.u.column.size() && out_.u.column[diagonal] == row && out_.u.value[diagonal] != 0);
    out_.l.begin.push_back(static_cast<int>(out_.l.column.size()));
    out_.u.begin.push_back(static_cast<int>(out_.u.column.size()));
  }

  const SparseRows& a_;
  OrderedFactors& out_;
  std::vector<int> place_;  //!< of each column
  std::vector<double> work_;
  std::set<int> pattern_;  //!< of the row at hand
};

}  // namespace

SparseRows by_rows(const RealSparse& m) {
  RowMajor r = m;
  r.makeCompressed();
  SparseRows out;
  out.rows = static_cast<int>(m.rows()), out.columns = static_cast<int>(m.cols());
  out.begin.assign(r.outerIndexPtr(), r.outerIndexPtr() + r.rows() + 1);
  out.column.assign(r.innerIndexPtr(), r.innerIndexPtr() + r.nonZeros());
  out.value.assign(r.valuePtr(), r.valuePtr() + r.nonZeros());
  return out;
}

bool same_pattern(const SparseRows& a, const SparseRows& b) {
  return a.rows == b.rows && a.columns == b.columns && a.begin == b.begin && a.column == b.column;
}

SparseRows repeat(const SparseRows& m, int copies) {
  SparseRows out;
  for (int i = 0; i < copies; ++i) append(out, m, i * m.columns);
  return out;
}

std::vector<int> repeat(const std::vector<int>& one, int copies) {
  std::vector<int> out;
  for (int i = 0; i < copies; ++i)
    for (int k : one) out.push_back(k + i * static_cast<int>(one.size()));
  return out;
}

OrderedFactors repeat(const OrderedFactors& one, int copies) {
  return {repeat(one.p, copies), repeat(one.q, copies), repeat(one.l, copies), repeat(one.u, copies)};
}

StackedSystems stack(std::span<const ResponseSystem> systems, int size) {
  StackedSystems out;
  out.systems = size;
  for (int i = 0; i < size; ++i) {
    const ResponseSystem& s = systems[std::min(static_cast<std::size_t>(i), systems.size() - 1)];
    GQ_EXPECT(s.b.cols() == systems.front().b.cols());
    const int right = out.a.columns;
    append(out.a, by_rows(s.a), right);
    append(out.b, by_rows(s.b), 0);
    append(out.c, by_rows(s.c), right);
  }
  return out;
}

OrderedFactors order_and_factorize(const RealSparse& a) {
  Eigen::SparseLU<RealSparse> lu;
  factorize(lu, a, true);
  OrderedFactors out;
  out.p = order_of(lu.rowsPermutation());
  out.q = order_of(lu.colsPermutation());
  RowElimination(by_rows(a), out).run();
  return out;
}

}  // namespace gridqueue

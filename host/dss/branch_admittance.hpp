// Primitive admittances of the elements between two buses, added up over their nodes. For the sources that make
// branches of them: it includes Eigen.
#pragma once
#include "host/core/dense_eigen.hpp"
#include "host/dss/reader.hpp"

namespace gridqueue {

struct BranchAdmittance {
  EigenMatrix<Complex> cc, cp, pp;  //!< [S], child and parent
};
//! Of a matrix over a bus's nodes.
Eigen::Index row(const Bus& bus, int phase);
//! Of an element: 0 where its first bus is the child, else 1.
inline std::size_t end_at_child(const DssBranch& element, const Bus& child) {
  return element.bus[0] == child.name ? 0 : 1;
}
BranchAdmittance sum_of(const std::vector<const DssBranch*>& elements, const Bus& child, const Bus& parent);
//! Adds y over the nodes r of `rows` and c of `columns`.
void add_block(const MatrixC& y, const Bus& rows, const std::vector<int>& r, const Bus& columns,
               const std::vector<int>& c, EigenMatrix<Complex>& to);
void store(const EigenMatrix<Complex>& from, NodeMatrix& to);
void divide(NodeMatrix& m, double by);
//! OpenDSS gives reactors and capacitors a default rating, which says nothing.
inline bool is_rated(const DssBranch& e) { return e.kind == "line" || e.kind == "transformer"; }

}  // namespace gridqueue

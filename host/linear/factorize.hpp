// Eigen's LU costs each file that sees it seconds, so it has a header of its own.
#pragma once
#include <Eigen/SparseLU>

#include "host/linear/response.hpp"

namespace gridqueue {

//! Factorizes A, analyses its pattern first where asked. Throws Error(numerics) where it is singular.
void factorize(Eigen::SparseLU<RealSparse>& lu, const RealSparse& a, bool analyse);

}  // namespace gridqueue

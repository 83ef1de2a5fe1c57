// Response systems of one pattern as one: stacked for a device, and factorized once so that it need not choose pivots.
#pragma once
#include <span>

#include "host/linear/response.hpp"
#include "kernels/device/device_response.hpp"

namespace gridqueue {

//! By rows; entries that are stored stay, zero or not.
SparseRows by_rows(const RealSparse& m);
//! Whether the same entries are stored.
bool same_pattern(const SparseRows& a, const SparseRows& b);

//! `copies` of a matrix along the diagonal.
SparseRows repeat(const SparseRows& m, int copies);
//! Row or column order of `copies` systems, each ordered as `one`.
std::vector<int> repeat(const std::vector<int>& one, int copies);
OrderedFactors repeat(const OrderedFactors& one, int copies);

//! All `systems` have as many columns. Where there are fewer than `size` systems the last one is repeated.
StackedSystems stack(std::span<const ResponseSystem> systems, int size);

//! Rows and columns in an order that keeps pivots large and fill small, and the factors in that order with the whole
//! pattern: every matrix of this pattern has its factors within it. Throws Error(numerics) where `a` is singular.
OrderedFactors order_and_factorize(const RealSparse& a);

}  // namespace gridqueue

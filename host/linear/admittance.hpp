// The feeder's bus admittance matrix, for any set of upgraded lines and any taps.
#pragma once
#include <Eigen/Sparse>
#include <span>
#include <vector>

#include "gridqueue/network.hpp"

namespace gridqueue {

using ComplexSparse = Eigen::SparseMatrix<Complex>;

//! What the matrix stands for.
struct AdmittanceCase {
  std::vector<char> upgraded;     //!< [buses] by child bus; empty = none
  double upgrade_factor = 2;      //!< length / factor
  std::vector<double> tap_ratio;  //!< [regulators]; empty = the feeder file's taps
};

//! First node of every bus, nodes in bus order, and the number of nodes at the end: [buses + 1].
std::vector<int> node_offsets(const Network& network);
//! Ratios of the feeder file's taps, by regulator.
std::vector<double> initial_ratios(const Network& network);

//! Y [S], [nodes][nodes], nodes in bus order: current injected into the network = Y V. Holds the source's Thevenin
//! impedance (as a shunt at bus 0), both ends of every line's charging as n x n blocks, and all fixed shunts; no loads,
//! no units. With Z, A of a branch to the parent (network.hpp): Ycc = Z^-1, Ycp = -Z^-1 A, Ypp = A^T Z^-1 A; a tap t
//! turns z into t^2 z and A into t A. The pattern does not depend on the case.
ComplexSparse bus_admittance(const Network& network, const AdmittanceCase& which);

}  // namespace gridqueue

// The feeder without DER at fixed taps, for several load levels and sets of upgraded lines.
#pragma once
#include <complex>
#include <vector>

#include "kernels/feeder/compiled_feeder.hpp"

namespace gridqueue {

//! Where the feeder is linearized. Taps are fractions of steps: each regulator's voltage is at its set point at the
//! middle level, so that the tap law moves them little either way.
struct BasePoint {
  std::vector<double> taps;                                //!< by regulator
  std::vector<std::vector<std::complex<double>>> voltage;  //!< [pu], by level and node
};

//! One point for each set of upgraded lines; three `levels` of load, ascending. Throws Error(numerics) where a power
//! flow does not converge.
std::vector<BasePoint> base_points(const CompiledFeeder<double>& feeder, const Network& network, double upgrade_factor,
                                   const std::vector<Upgrades>& upgrade_sets, const std::vector<double>& levels);

//! With the vectors of this name (lane.hpp); base_points chooses them.
template <class Vectors>
std::vector<BasePoint> vector_base_points(const CompiledFeeder<double>& feeder, const Network& network,
                                          double upgrade_factor, const std::vector<Upgrades>& upgrade_sets,
                                          const std::vector<double>& levels);

}  // namespace gridqueue

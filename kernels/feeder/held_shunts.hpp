// Shunts too strong for a sweep alone, such as a grounded star in front of a delta. Host only.
#pragma once
#include <vector>

#include "gridqueue/network.hpp"

namespace gridqueue {

//! How the currents of fixed shunts follow voltages (kernels/ac/injection.hpp), per unit of each node's bus: with Y
//! these shunts and W the impedances of and between their ways to the source, of_current = (1 + Y W)^-1, of_voltage =
//! of_current Y.
struct HeldShunts {
  std::vector<BusId> bus;                       //!< ascending
  std::vector<Complex> of_voltage, of_current;  //!< [nodes of these buses][the same]
};
//! Of the buses where a sweep would change an error by more than half.
HeldShunts held_shunts(const Network& network);

}  // namespace gridqueue

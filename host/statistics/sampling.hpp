// How the orders of a sample depend on each other.
#pragma once
#include <cstddef>

namespace gridqueue {

enum class Sampling {
  independent,  //!< every order is drawn on its own
  antithetic,   //!< orders 2k and 2k + 1 are one draw and its reverse: a unit that comes late in one comes early in the
                //!< other
};

//! Orders that depend on each other stand together in clusters of this size; clusters are independent.
constexpr std::size_t cluster_size(Sampling s) { return s == Sampling::antithetic ? 2 : 1; }

}  // namespace gridqueue

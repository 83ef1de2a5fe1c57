// Terms of the tap changers of one branch (include/gridqueue/network.hpp, TapTerm).
#pragma once
#include "host/dss/reader.hpp"

namespace gridqueue {

//! A tap changer and the winding that it moves.
struct TapChanger {
  Regulator* regulator;  //!< at tap_initial now; gets its term
  const DssBranch* element;
  std::size_t end = 0;  //!< of the element, where the winding lies
};

//! Gives every tap changer of the branch between `child` and `parent` its term and takes these out of the branch and of
//! the parent's y_shunt; elements are then rated each on its own. Returns why it cannot, "" where it can.
std::string add_tap_terms(const std::vector<const DssBranch*>& elements, const std::vector<TapChanger>& changers,
                          Bus& child, Bus& parent);

}  // namespace gridqueue

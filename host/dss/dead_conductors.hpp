// Conductors of a line whose ends no source reaches.
#pragma once
#include "host/dss/reader.hpp"

namespace gridqueue {

//! By their number within a line that has as many at either end.
struct DeadConductors {
  std::vector<std::size_t> through;                          //!< dead at both ends, open at none
  std::vector<std::size_t> grounded;                         //!< those of them that a load or shunt holds at one bus
  std::vector<std::pair<std::size_t, std::size_t>> hanging;  //!< end and number where nothing is but this line: open at
                                                             //!< the other end
};

//! What the line is for the other conductors. A dead one carries no current, so that what the others induce in it
//! drives its ends apart, and where nothing grounds it, its charging brings it to a voltage of its own. Of a phase that
//! goes on in further lines each is taken by itself: what flows between them is what their voltages differ by, through
//! charging.
void leave_out_dead_conductors(const DeadConductors& dead, DssBranch& line);

}  // namespace gridqueue

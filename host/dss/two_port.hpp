// The branch from a bus to its parent, made of the primitive admittances of all elements between the two.
#pragma once
#include "host/dss/reader.hpp"

namespace gridqueue {

constexpr double kOpen = 1e-10;  //!< [S] OpenDSS leaves 1e-12 at an open conductor

//! What make_branch did beside the branch itself.
struct BranchRemark {
  bool took_shunts = false;  //!< those of the child: they are part of the branch and no longer of the bus
  Complex grounding;         //!< [S] of each artificial path to ground, 0 = none
  int free_node = 0;         //!< of the child's, which neither the elements nor the shunts hold
};

//! All elements between `child` and `parent`. `shunts` are the child's fixed ones, which may be all that holds a
//! neutral. Sets child.branch, child.floating, and adds what is left over to the parent's y_shunt. Returns why it
//! cannot, "" where it can.
std::string make_branch(const std::vector<const DssBranch*>& elements, const std::vector<const DssShunt*>& shunts,
                        Bus& child, Bus& parent, BranchRemark& remark);

//! Position of a node within its bus.
std::size_t position(const Bus& bus, int phase);

}  // namespace gridqueue

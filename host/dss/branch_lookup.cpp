#include <algorithm>

#include "gridqueue/contracts.hpp"
#include "host/dss/tree.hpp"

namespace gridqueue {

const DssBranch& find_branch(const DssModel& model, const std::string& name) {
  for (const DssBranch& b : model.branches)
    if (b.name == name) return b;
  fail_input("'{}' is not a branch of the model", name);
}

BusId child_of(const Network& net, const DssBranch& b) {
  for (std::size_t i = 1; i < net.buses.size(); ++i) {
    const std::string &here = net.buses[i].name, &above = net.buses[net.buses[i].parent.index()].name;
    if ((here == b.bus[0] && above == b.bus[1]) || (here == b.bus[1] && above == b.bus[0])) return BusId(i);
  }
  fail_input("'{}' is not a branch of the feeder", b.name);
}

BusId child_of(const DssModel& model, const Network& net, const std::string& element, int winding) {
  const auto is_it = [&](const DssBranch& b) { return b.name == element && b.winding == winding; };
  const auto of_star = std::find_if(model.branches.begin(), model.branches.end(), is_it);
  return child_of(net, of_star == model.branches.end() ? find_branch(model, element) : *of_star);
}

}  // namespace gridqueue

#include "gridqueue/contracts.hpp"
#include "host/dss/tree.hpp"

namespace gridqueue {

const DssBranch& find_branch(const DssModel& model, const std::string& name) {
  for (const DssBranch& b : model.branches)
    if (b.name == name) return b;
  fail_input("'{}' is not a branch of the model", name);
}

BusId child_of(const DssModel& model, const Network& net, const std::string& element) {
  const DssBranch& b = find_branch(model, element);
  const BusId one = *net.find_bus(b.bus[0]), two = *net.find_bus(b.bus[1]);
  return net.buses[one.index()].parent == two ? one : two;
}

}  // namespace gridqueue

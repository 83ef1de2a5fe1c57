#include "host/dss/isolated.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "host/dss/controls.hpp"

namespace gridqueue {
namespace {

using Names = std::set<std::string>;

Names connected(const DssModel& model) {
  std::map<std::string, std::vector<std::string>> beside;
  for (const DssBranch& b : model.branches) beside[b.bus[0]].push_back(b.bus[1]), beside[b.bus[1]].push_back(b.bus[0]);
  Names seen{model.source_bus};
  for (std::vector<std::string> queue{model.source_bus}; !queue.empty();) {
    const std::string here = queue.back();
    queue.pop_back();
    for (const auto& there : beside[here])
      if (seen.insert(there).second) queue.push_back(there);
  }
  return seen;
}

std::string words(const std::vector<std::string>& buses, std::size_t loads) {
  std::string some;
  for (std::size_t i = 0; i < std::min<std::size_t>(buses.size(), 3); ++i)
    some += fmt::format("{}'{}'", i ? ", " : "", buses[i]);
  if (buses.size() > 3) some += fmt::format(" and {} more", buses.size() - 3);
  return fmt::format(
      "left out: buses that are not connected to the source (open switch, blown fuse?), with {} loads: {}", loads,
      some);
}

}  // namespace

std::string leave_out_isolated(DssEngine& dss, DssModel& model) {
  const Names kept = connected(model);
  std::vector<std::string> isolated;
  std::copy_if(model.bus_order.begin(), model.bus_order.end(), std::back_inserter(isolated),
               [&](const auto& bus) { return !kept.count(bus); });
  const auto away = [&](const std::string& bus) { return !kept.count(bus); };
  const auto at_isolated = [&](const std::string& element) {
    dss.select_element(element);
    return away(dss.element_buses().front());
  };
  Names branches;
  std::erase_if(model.branches, [&](const DssBranch& b) { return away(b.bus[0]); });
  for (const DssBranch& b : model.branches) branches.insert(b.name);
  const auto watches_none = [&](const std::string& control) {
    return !branches.count(watched(dss, control, "monitoredobj")) ||
           !branches.count(watched(dss, control, "switchedobj"));
  };
  std::erase_if(model.reclosers, watches_none);
  std::erase_if(model.fuses, watches_none);
  if (isolated.empty()) return {};
  const std::size_t loads = model.loads.size();
  for (auto* elements : {&model.loads, &model.generators, &model.generation, &model.capacitors})
    std::erase_if(*elements, at_isolated);
  std::erase_if(model.regulators, [&](const std::string& control) {
    return !branches.count("transformer." + dss.property(control, "transformer"));
  });
  std::erase_if(model.shunts, [&](const DssShunt& s) { return away(s.bus); });
  std::erase_if(model.bus_order, away);
  std::erase_if(model.bus, [&](const auto& bus) { return away(bus.first); });
  return words(isolated, loads - model.loads.size());
}

}  // namespace gridqueue

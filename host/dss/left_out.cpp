#include "host/dss/left_out.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "host/dss/words.hpp"

namespace gridqueue {
namespace {

//! Of the selected element. A control has no conductors of its own: it goes with the buses that it names.
bool is_left_out(DssEngine& dss, const std::set<std::string>& nodes, const std::set<std::string>& buses) {
  const auto at = dss.element_buses();
  const auto conductors = dss.element_nodes();
  bool connected = false;
  for (std::size_t t = 0; t < std::min(at.size(), conductors.size()); ++t)
    for (int node : conductors[t]) {
      if (node == 0) continue;
      connected = true;
      if (nodes.count(fmt::format("{}.{}", at[t], node))) return false;
    }
  return connected || std::none_of(at.begin(), at.end(), [&](const auto& bus) { return buses.count(bus) > 0; });
}

//! A change of mode puts fuses, reclosers, relays and switch controls back to their normal state (Reset), from which
//! they act again as the day begins: what one of them cut off must be there for it.
bool any_switch_is_reset(DssEngine& dss, const std::vector<std::string>& elements) {
  const std::set<std::string> switches{"fuse", "recloser", "relay", "swtcontrol"};
  return std::any_of(elements.begin(), elements.end(), [&](const auto& name) {
    if (!switches.count(name.substr(0, name.find('.')))) return false;
    dss.select_element(name);
    return dss.enabled() && dss.property(name, "state") != dss.property(name, "normal");
  });
}

}  // namespace

std::set<std::string> node_names_of(const Network& network) {
  std::set<std::string> nodes;
  for (const Bus& b : network.buses)
    for (std::size_t n = 0; n < static_cast<std::size_t>(b.num_nodes); ++n)
      nodes.insert(fmt::format("{}.{}", b.model_name(), b.phase[n]));
  return nodes;
}

std::set<std::string> node_names_of(const DssModel& model) {
  std::set<std::string> nodes;
  for (const auto& [name, bus] : model.bus)
    for (int node : bus.node) nodes.insert(fmt::format("{}.{}", bus.whole.empty() ? name : bus.whole, node));
  return nodes;
}

void disable_left_out(DssEngine& dss, const std::set<std::string>& nodes) {
  const auto there = dss.node_names();
  if (std::all_of(there.begin(), there.end(), [&](const auto& node) { return nodes.count(node) > 0; })) return;
  std::set<std::string> buses;
  for (const auto& node : nodes) buses.insert(node.substr(0, node.rfind('.')));
  std::vector<std::string> outside;
  const auto elements = dss.element_names();
  if (any_switch_is_reset(dss, elements)) return;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    dss.select_element(i);
    if (dss.enabled() && is_left_out(dss, nodes, buses)) outside.push_back(elements[i]);
  }
  for (const auto& name : outside) dss.command("edit " + dss_word(name) + " enabled=no");
}

}  // namespace gridqueue

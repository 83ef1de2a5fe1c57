// What the parts of an exported model have in common.
#pragma once
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "gridqueue/network.hpp"
#include "host/dss/words.hpp"

namespace gridqueue {

inline std::string without_class(const std::string& element) { return element.substr(element.find('.') + 1); }

inline std::string with_nodes(const std::string& bus, const std::vector<int>& nodes) {
  return dss_word(fmt::format("{}.{}", bus, fmt::join(nodes, ".")));
}

inline std::vector<int> phases_of(const Bus& bus) { return {bus.phase.begin(), bus.phase.begin() + bus.num_nodes}; }

//! Number for a node of our own at a bus.
inline int free_node(const Bus& bus) {
  int node = 9;
  while (std::count(bus.phase.begin(), bus.phase.end(), node) > 0) ++node;
  return node;
}

inline const Bus& parent_of(const Network& net, const Bus& child) { return net.buses[child.parent.index()]; }

//! [a b | c d] of the first n rows and columns, each entry through `value`.
template <class Value>
std::string matrix(const NodeMatrix& m, std::size_t n, Value value) {
  std::vector<std::string> rows;
  for (std::size_t r = 0; r < n; ++r) {
    std::vector<double> row;
    for (std::size_t c = 0; c < n; ++c) row.push_back(value(m[r][c]));
    rows.push_back(fmt::format("{}", fmt::join(row, " ")));
  }
  return fmt::format("[{}]", fmt::join(rows, " | "));
}

//! Normal and emergency [A] of one of a branch's elements.
inline std::pair<double, double> ratings(const Branch& b, const std::string& name) {
  for (const BranchElement& e : b.elements)
    if (e.name == name) return {e.normal_amps, e.emergency_amps};
  return {b.normal_amps, b.emergency_amps};
}

inline double omega(const Network& net) { return 2 * std::numbers::pi * net.frequency_hz; }

}  // namespace gridqueue

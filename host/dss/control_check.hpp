// What reading controls of OpenDSS has in common.
#pragma once
#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "gridqueue/network.hpp"
#include "host/dss/obstacles.hpp"

namespace gridqueue {

inline bool yes(const std::string& text) { return !text.empty() && (text[0] == 'y' || text[0] == 't'); }

//! The numbers of an array property, "[1, 0.5, ]".
inline std::vector<double> numbers_in(std::string text) {
  for (char& c : text)
    if (c == '[' || c == ']' || c == '(' || c == ')' || c == ',') c = ' ';
  std::vector<double> numbers;
  std::istringstream in(text);
  for (double x = 0; in >> x;) numbers.push_back(x);
  return numbers;
}

//! Collects what of one control cannot be represented.
class ControlCheck {
 public:
  ControlCheck(std::string control, Obstacles& obstacles) : control_(std::move(control)), obstacles_(obstacles) {}
  //! Returns `ok`.
  bool need(bool ok, const std::string& why) {
    if (!ok) obstacles_.add(control_, why + " (cannot be represented)");
    return ok;
  }

 private:
  std::string control_;
  Obstacles& obstacles_;
};

//! Position of a node within its bus, -1 = ground or not there.
inline int position_of(const Bus& bus, int node) {
  const auto* end = bus.phase.data() + bus.num_nodes;
  const auto* found = std::find(bus.phase.data(), end, node);
  return found == end ? -1 : static_cast<int>(found - bus.phase.data());
}

//! Phases `all` as the words of OpenDSS choose among them: a number, max, min, avg.
inline MeasuredPhases choose_phases(const MeasuredPhases& all, const std::string& word) {
  MeasuredPhases some = all;
  if (word == "max") some.choice = PhaseChoice::highest;
  else if (word == "min") some.choice = PhaseChoice::lowest;
  else if (word == "avg") some.choice = PhaseChoice::average;
  else {
    const int number = std::stoi(word);
    const std::size_t p = number >= 1 && number <= 3 ? static_cast<std::size_t>(number) - 1 : 0;
    some = {};
    some.node[0] = all.node[p], some.to_node[0] = all.to_node[p];
  }
  return some;
}

}  // namespace gridqueue

#include "host/dss/split_buses.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "gridqueue/log.hpp"

namespace gridqueue {
namespace {

constexpr double kCoupled = 1e-9;  //!< of an element's largest admittance

//! Buses that some loop passes: those at an edge whose removal leaves its ends connected.
class Loops {
 public:
  explicit Loops(const DssModel& model) {
    for (const DssBranch& b : model.branches)
      if (b.bus[0] != b.bus[1]) beside_[b.bus[0]].insert(b.bus[1]), beside_[b.bus[1]].insert(b.bus[0]);
    walk(model.source_bus);
  }
  [[nodiscard]] const std::set<std::string>& buses() const { return in_loop_; }

 private:
  struct Visit {
    std::string bus, from;
    std::set<std::string>::const_iterator next;
  };

  //! Depth first; lowest_ is the earliest bus that a subtree has another way to.
  void walk(const std::string& root) {
    std::vector<Visit> path;
    const auto enter = [&](const std::string& bus, const std::string& from) {
      lowest_[bus] = order_[bus] = static_cast<int>(order_.size());
      path.push_back({bus, from, beside_[bus].begin()});
    };
    enter(root, "");
    while (!path.empty()) {
      Visit& here = path.back();
      if (here.next == beside_[here.bus].end()) {
        const std::string bus = here.bus, from = here.from;
        path.pop_back();
        if (path.empty()) break;
        lowest_[from] = std::min(lowest_[from], lowest_[bus]);
        if (lowest_[bus] <= order_[from]) in_loop_.insert(bus), in_loop_.insert(from);
        continue;
      }
      const std::string there = *here.next++;
      if (there == here.from) continue;
      if (const auto seen = order_.find(there); seen == order_.end()) enter(there, here.bus);
      else lowest_[here.bus] = std::min(lowest_[here.bus], seen->second);
    }
  }

  std::map<std::string, std::set<std::string>> beside_;
  std::map<std::string, int> order_, lowest_;
  std::set<std::string> in_loop_;
};

//! Numbers 0, 1, ... of which some belong together.
class Groups {
 public:
  explicit Groups(std::size_t size) : of_(size) { std::iota(of_.begin(), of_.end(), std::size_t{0}); }
  [[nodiscard]] std::size_t of(std::size_t i) const {
    while (of_[i] != i) i = of_[i];
    return i;
  }
  void join(std::size_t i, std::size_t j) { of_[of(i)] = of(j); }

 private:
  std::vector<std::size_t> of_;
};

double largest(const MatrixC& m) {
  double size = 0;
  for (Complex x : m.values) size = std::max(size, std::abs(x));
  return size;
}

//! Conductors of a branch, those of its first bus first, that its admittance couples.
Groups groups_of(const DssBranch& b) {
  const std::size_t first = b.node[0].size();
  Groups groups(first + b.node[1].size());
  const double size = std::max({largest(b.y[0][0]), largest(b.y[0][1]), largest(b.y[1][1])});
  for (std::size_t t = 0; t < 2; ++t)
    for (std::size_t u = 0; u < 2; ++u)
      for (std::size_t i = 0; i < b.node[t].size(); ++i)
        for (std::size_t j = 0; j < b.node[u].size(); ++j)
          if (std::abs(b.y[t][u](i, j)) > kCoupled * size) groups.join(t * first + i, u * first + j);
  return groups;
}

class Splitter {
 public:
  Splitter(const std::vector<DssLoad>& loads, DssModel& model) : model_(model), loops_(model) {
    for (const std::string& bus : loops_.buses()) nodes_.emplace(bus, Groups(model.bus.at(bus).node.size()));
    for (const DssBranch& b : model_.branches) couple(b);
    for (const DssShunt& s : model_.shunts)
      for (std::size_t i = 1; i < s.node.size(); ++i) couple(s.bus, s.node[0], s.node[i]);
    for (const DssLoad& load : loads)
      for (const auto& [one, two] : load.phase)
        if (two != 0) couple(load.bus, one, two);
  }

  void run() {
    for (const auto& [bus, groups] : nodes_) split(bus, groups);
    if (part_.empty()) return;
    std::vector<DssBranch> branches;
    for (const DssBranch& b : model_.branches) split(b, branches);
    model_.branches = std::move(branches);
    for (DssShunt& s : model_.shunts) s.bus = part(s.bus, s.node.front());
    std::vector<std::string> order;
    for (const auto& bus : model_.bus_order)
      if (const auto found = parts_.find(bus); found == parts_.end()) order.push_back(bus);
      else order.insert(order.end(), found->second.begin(), found->second.end());
    model_.bus_order = order;
    log_info("{} buses lie in a loop that is none phase by phase: each is split into its phases", parts_.size());
  }

 private:
  [[nodiscard]] std::size_t place(const std::string& bus, int node) const {
    const std::vector<int>& nodes = model_.bus.at(bus).node;
    return static_cast<std::size_t>(std::find(nodes.begin(), nodes.end(), node) - nodes.begin());
  }
  void couple(const std::string& bus, int one, int two) {
    if (const auto found = nodes_.find(bus); found != nodes_.end())
      found->second.join(place(bus, one), place(bus, two));
  }
  void couple(const DssBranch& b) {
    const Groups groups = groups_of(b);
    const std::size_t first = b.node[0].size();
    for (std::size_t t = 0; t < 2; ++t)
      for (std::size_t i = 0; i < b.node[t].size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
          if (groups.of(t * first + i) == groups.of(t * first + j)) couple(b.bus[t], b.node[t][i], b.node[t][j]);
  }

  void split(const std::string& bus, const Groups& groups) {
    const DssBus whole = model_.bus.at(bus);
    std::map<std::size_t, std::vector<int>> parts;
    for (std::size_t n = 0; n < whole.node.size(); ++n) parts[groups.of(n)].push_back(whole.node[n]);
    if (parts.size() < 2 || bus == model_.source_bus) return;
    for (const auto& [group, nodes] : parts) {
      DssBus part = whole;
      part.node = nodes;
      part.whole = bus;
      std::string name = bus;
      for (int node : nodes) name += fmt::format(".{}", node);
      for (int node : nodes) part_[{bus, node}] = name;
      parts_[bus].push_back(name);
      model_.bus[name] = part;
    }
    model_.bus.erase(bus);
  }

  [[nodiscard]] std::string part(const std::string& bus, int node) const {
    const auto found = part_.find({bus, node});
    return found == part_.end() ? bus : found->second;
  }

  void split(const DssBranch& b, std::vector<DssBranch>& to) const {
    const Groups groups = groups_of(b);
    const std::size_t first = b.node[0].size();
    std::map<std::pair<std::string, std::string>, std::array<std::vector<std::size_t>, 2>> pieces;
    std::map<std::size_t, std::pair<std::string, std::string>> where;  // by group
    for (std::size_t t = 0; t < 2; ++t)
      for (std::size_t i = 0; i < b.node[t].size(); ++i) {
        auto& at = where[groups.of(t * first + i)];
        (t == 0 ? at.first : at.second) = part(b.bus[t], b.node[t][i]);
      }
    for (std::size_t t = 0; t < 2; ++t)
      for (std::size_t i = 0; i < b.node[t].size(); ++i) pieces[where.at(groups.of(t * first + i))][t].push_back(i);
    if (pieces.size() == 1) {
      to.push_back(b);
      to.back().bus[0] = pieces.begin()->first.first;
      to.back().bus[1] = pieces.begin()->first.second;
      return;
    }
    for (const auto& [ends, conductors] : pieces) to.push_back(piece(b, ends, conductors));
  }

  static DssBranch piece(const DssBranch& b, const std::pair<std::string, std::string>& ends,
                         const std::array<std::vector<std::size_t>, 2>& conductors) {
    DssBranch p = b;
    p.is_piece = true;
    p.bus[0] = ends.first, p.bus[1] = ends.second;
    p.terminal1 = 0;
    for (std::size_t i : conductors[0]) p.terminal1 += i < b.terminal1 ? 1 : 0;
    for (std::size_t t = 0; t < 2; ++t) {
      p.node[t].clear(), p.terminal[t].clear();
      for (std::size_t i : conductors[t]) p.node[t].push_back(b.node[t][i]), p.terminal[t].push_back(b.terminal[t][i]);
      for (std::size_t u = 0; u < 2; ++u) {
        p.y[t][u] = zeros<Complex>(conductors[t].size(), conductors[u].size());
        for (std::size_t i = 0; i < conductors[t].size(); ++i)
          for (std::size_t j = 0; j < conductors[u].size(); ++j)
            p.y[t][u](i, j) = b.y[t][u](conductors[t][i], conductors[u][j]);
      }
    }
    return p;
  }

  DssModel& model_;
  const Loops loops_;
  std::map<std::string, Groups> nodes_;                      //!< of buses in loops
  std::map<std::pair<std::string, int>, std::string> part_;  //!< by bus and node
  std::map<std::string, std::vector<std::string>> parts_;
};

}  // namespace

void split_buses(const std::vector<DssLoad>& loads, DssModel& model) { Splitter(loads, model).run(); }

}  // namespace gridqueue

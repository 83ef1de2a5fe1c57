#include "host/dss/dead_nodes.hpp"

#include <algorithm>
#include <set>

#include "gridqueue/log.hpp"
#include "host/dss/dead_conductors.hpp"

namespace gridqueue {
namespace {

using Node = std::pair<std::string, int>;  //!< bus, phase
using Rows = std::vector<std::size_t>;

bool has_conductors(const DssBranch& b) {
  return b.kind == "line" && b.node[0].size() == b.node[1].size() && b.terminal1 == b.node[0].size();
}

class Finder {
 public:
  explicit Finder(DssModel& model) : model_(model) {
    for (const DssBranch& b : model_.branches) join(b);
    for (const DssShunt& s : model_.shunts)  // within a bus
      if (s.name.rfind("transformer.", 0) == 0 || s.name.rfind("line.", 0) == 0)
        for (int node : s.node) connect({s.bus, s.node.front()}, {s.bus, node});
    alive_.insert(model_.fed.begin(), model_.fed.end());
    for (std::vector<Node> queue(alive_.begin(), alive_.end()); !queue.empty();) {
      const Node here = queue.back();
      queue.pop_back();
      for (const Node& there : beside_[here])
        if (alive_.insert(there).second) queue.push_back(there);
    }
  }
  [[nodiscard]] bool alive(const std::string& bus, int node) const { return alive_.count({bus, node}) > 0; }
  [[nodiscard]] bool anything_open() const { return anything_open_; }
  //! All that is connected to a node.
  [[nodiscard]] std::set<Node> island_of(const Node& node) const {
    std::set<Node> island{node};
    for (std::vector<Node> queue{node}; !queue.empty();) {
      const Node here = queue.back();
      queue.pop_back();
      if (const auto found = beside_.find(here); found != beside_.end())
        for (const Node& there : found->second)
          if (island.insert(there).second) queue.push_back(there);
    }
    return island;
  }
  //! A phase that no element leads to: of a bank without one of its transformers.
  [[nodiscard]] bool any_dead_phase() const {
    return std::any_of(model_.bus.begin(), model_.bus.end(), [&](const auto& bus) {
      return std::any_of(bus.second.node.begin(), bus.second.node.end(),
                         [&](int node) { return node <= 3 && !alive(bus.first, node); });
    });
  }

 private:
  void connect(const Node& one, const Node& two) { beside_[one].push_back(two), beside_[two].push_back(one); }
  void join(const DssBranch& b) {
    if (has_conductors(b)) {
      for (std::size_t i = 0; i < b.node[0].size(); ++i) {
        if (is_open(b, 0, i) || is_open(b, 1, i)) anything_open_ = true;
        else connect({b.bus[0], b.node[0][i]}, {b.bus[1], b.node[1][i]});
      }
      return;
    }
    const Node first{b.bus[0], b.node[0].front()};
    for (std::size_t t = 0; t < 2; ++t)
      for (int node : b.node[t]) connect(first, {b.bus[t], node});
  }

  DssModel& model_;
  std::map<Node, std::vector<Node>> beside_;
  std::set<Node> alive_;
  bool anything_open_ = false;
};

MatrixC without(const MatrixC& y, const std::vector<std::size_t>& rows, const std::vector<std::size_t>& columns) {
  MatrixC kept = zeros<Complex>(rows.size(), columns.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = 0; j < columns.size(); ++j) kept(i, j) = y(rows[i], columns[j]);
  return kept;
}

class Remover {
 public:
  Remover(const Finder& finder, DssModel& model, std::vector<DssLoad>& loads, Obstacles& obstacles)
      : finder_(finder), model_(model), loads_(loads), obstacles_(obstacles) {}

  void run() {
    find_grounded();
    for (DssLoad& load : loads_) remove_from(load);
    for (DssShunt& s : model_.shunts) remove_from(s);
    for (DssBranch& b : model_.branches) remove_from(b);
    std::erase_if(model_.shunts, [](const DssShunt& s) { return s.node.empty(); });
    std::erase_if(model_.branches, [](const DssBranch& b) { return b.node[0].empty() || b.node[1].empty(); });
    for (auto& [name, bus] : model_.bus)
      std::erase_if(bus.node, [&, at = name](int node) { return !alive(at, node) && note(at, node); });
    std::erase_if(model_.bus_order, [&](const auto& name) { return model_.bus.at(name).node.empty(); });
    std::erase_if(model_.bus, [](const auto& bus) { return bus.second.node.empty(); });
    std::string text;
    for (std::size_t i = 0; i < std::min<std::size_t>(dead_.size(), 3); ++i) text += (i ? ", '" : "'") + dead_[i] + "'";
    log_warn("left out: {} nodes that no source reaches, with {} phases of loads: {}{}", dead_.size(), phases_, text,
             dead_.size() > 3 ? ", ..." : "");
  }

 private:
  [[nodiscard]] bool alive(const std::string& bus, int node) const { return finder_.alive(bus, node); }
  bool note(const std::string& bus, int node) {
    dead_.push_back(fmt::format("{}.{}", bus, node));
    return true;
  }

  void remove_from(DssLoad& load) {
    std::erase_if(load.phase, [&](const auto& ends) {
      const bool one = alive(load.bus, ends.first), two = ends.second == 0 || alive(load.bus, ends.second);
      if (one != two && ends.second != 0)
        obstacles_.add(load.injection.name, "bridges a phase that is open and one that is not (cannot be represented)");
      if (!one) ++phases_;
      return !one;
    });
  }

  [[nodiscard]] std::vector<std::size_t> kept(const std::string& bus, const std::vector<int>& nodes) const {
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < nodes.size(); ++i)
      if (alive(bus, nodes[i])) rows.push_back(i);
    return rows;
  }

  void remove_from(DssShunt& s) {
    const auto rows = kept(s.bus, s.node);
    for (std::size_t i = 0; i < s.node.size(); ++i)
      for (std::size_t j : rows)
        if (!alive(s.bus, s.node[i]) && std::abs(s.y(i, j)) > 1e-9 * std::abs(s.y(j, j)))
          obstacles_.add(s.name, "bridges a phase that is open and one that is not (cannot be represented)");
    std::vector<int> nodes;
    for (std::size_t i : rows) nodes.push_back(s.node[i]);
    s.y = without(s.y, rows, rows);
    s.node = nodes;
  }

  //! The dead ends are left out. An open conductor whose other end is alive draws nothing.
  void remove_from(DssBranch& b) {
    for (std::size_t i = 0; i < b.node[0].size() && has_conductors(b); ++i)
      if ((is_open(b, 0, i) || is_open(b, 1, i)) && alive(b.bus[0], b.node[0][i]) && alive(b.bus[1], b.node[1][i]))
        obstacles_.add(b.name, "an open conductor whose other side something else feeds (cannot be represented)");
    if (has_conductors(b)) leave_dead_conductors_out(b);
    std::vector<std::size_t> rows[2] = {kept(b.bus[0], b.node[0]), kept(b.bus[1], b.node[1])};
    for (std::size_t t = 0; t < 2 && has_conductors(b); ++t)
      std::erase_if(rows[t], [&](std::size_t i) { return is_open(b, t, i); });
    if (rows[0].size() < b.node[0].size() || rows[1].size() < b.node[1].size()) b.is_piece = true;
    keep(b, rows[0], rows[1]);
  }

  //! Where a dead node has a way to ground.
  void find_grounded() {
    for (const DssLoad& load : loads_)
      for (const auto& ends : load.phase)
        grounded_.insert({load.bus, ends.first}), grounded_.insert({load.bus, ends.second});
    for (const DssShunt& s : model_.shunts)
      for (int node : s.node) grounded_.insert({s.bus, node});
  }
  [[nodiscard]] std::size_t grounded_buses(const Node& node) const {
    std::set<std::string> buses;
    for (const Node& there : finder_.island_of(node))
      if (grounded_.count(there)) buses.insert(there.first);
    return buses.size();
  }

  //! A dead conductor of a line carries nothing where it is grounded once at most.
  void leave_dead_conductors_out(DssBranch& b) {
    DeadConductors dead;
    bool any_live = false;
    for (std::size_t i = 0; i < b.node[0].size(); ++i) {
      const bool open[2] = {is_open(b, 0, i), is_open(b, 1, i)};
      for (std::size_t t = 0; t < 2; ++t)
        if (const Node node{b.bus[t], b.node[t][i]};
            !open[t] && open[1 - t] && !alive(node.first, node.second) && grounded_buses(node) == 0)
          dead.hanging.emplace_back(t, i);
      if (open[0] || open[1]) continue;
      if (alive(b.bus[0], b.node[0][i])) any_live = true;
      else dead.through.push_back(i);
    }
    if (!any_live || (dead.through.empty() && dead.hanging.empty())) return;
    for (std::size_t i : dead.through) {
      const std::size_t buses = grounded_buses({b.bus[0], b.node[0][i]});
      if (buses > 1)
        return obstacles_.add(b.name,
                              "leads on a phase without source that stands on loads at several buses (what the "
                              "others induce in it cannot be represented)");
      if (buses == 1) dead.grounded.push_back(i);
    }
    leave_out_dead_conductors(dead, b);
  }

  static void keep(DssBranch& b, const std::vector<std::size_t>& one, const std::vector<std::size_t>& two) {
    const std::vector<std::size_t>* rows[2] = {&one, &two};
    for (std::size_t t = 0; t < 2; ++t)
      for (std::size_t u = 0; u < 2; ++u) b.y[t][u] = without(b.y[t][u], *rows[t], *rows[u]);
    for (std::size_t t = 0; t < 2; ++t) {
      std::vector<int> nodes, terminals;
      std::size_t first = 0;
      for (std::size_t i : *rows[t]) {
        nodes.push_back(b.node[t][i]), terminals.push_back(b.terminal[t][i]);
        first += i < b.terminal1 ? 1 : 0;
      }
      if (t == 0) b.terminal1 = first;
      b.node[t] = nodes, b.terminal[t] = terminals;
    }
  }

  const Finder& finder_;
  DssModel& model_;
  std::vector<DssLoad>& loads_;
  Obstacles& obstacles_;
  std::set<Node> grounded_;
  std::vector<std::string> dead_;
  int phases_ = 0;
};

}  // namespace

bool is_open(const DssBranch& b, std::size_t end, std::size_t i) {
  for (std::size_t u = 0; u < 2; ++u)
    for (std::size_t j = 0; j < b.node[u].size(); ++j)
      if ((u != end || j != i) && std::abs(b.y[end][u](i, j)) > 1e-15) return false;
  return true;
}

void leave_out_dead_nodes(DssModel& model, std::vector<DssLoad>& loads, Obstacles& obstacles) {
  const Finder finder(model);
  if (finder.anything_open() || finder.any_dead_phase()) Remover(finder, model, loads, obstacles).run();
}

}  // namespace gridqueue

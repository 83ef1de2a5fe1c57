#include "host/dss/tree.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "gridqueue/contracts.hpp"
#include "host/core/dense_eigen.hpp"

namespace gridqueue {
namespace {

using Matrix = EigenMatrix<Complex>;

//! All elements between a bus and its parent.
struct Link {
  std::string parent;
  std::vector<const DssBranch*> elements;
};

std::size_t position(const Bus& bus, int phase) {
  for (std::size_t n = 0; n < static_cast<std::size_t>(bus.num_nodes); ++n)
    if (bus.phase[n] == phase) return n;
  fail_input("bus '{}' has no phase {}", bus.name, phase);
}

class TreeBuilder {
 public:
  explicit TreeBuilder(const DssModel& model) : model_(model) {}

  Network run() {
    find_links();
    weigh(model_.source_bus);
    place(model_.source_bus, BusId());
    for (const auto& name : model_.bus_order)
      if (!index_.count(name)) fail_input("bus '{}' is not connected to the source", name);
    for (std::size_t i = 1; i < net_.buses.size(); ++i) add_branch(i);
    add_source();
    for (const DssShunt& s : model_.shunts) add_shunt(s);
    return std::move(net_);
  }

 private:
  void find_links() {
    std::map<std::string, std::vector<const DssBranch*>> at;
    for (const DssBranch& b : model_.branches) at[b.bus[0]].push_back(&b), at[b.bus[1]].push_back(&b);
    std::vector<std::string> queue{model_.source_bus};
    std::set<std::string> seen{model_.source_bus};
    for (std::size_t i = 0; i < queue.size(); ++i) {
      const std::string here = queue[i];
      for (const DssBranch* b : at[here]) {
        const std::string& there = b->bus[0] == here ? b->bus[1] : b->bus[0];
        if (links_.count(here) && links_[here].parent == there) continue;
        if (seen.insert(there).second) {
          queue.push_back(there);
          children_[here].push_back(there);
          links_[there].parent = here;
        } else if (links_[there].parent != here) {
          fail_input("'{}' closes a loop at bus '{}' (only radial feeders can be represented)", b->name, there);
        }
        links_[there].elements.push_back(b);
      }
    }
  }

  std::size_t weigh(const std::string& bus) {
    std::size_t nodes = model_.bus.at(bus).node.size();
    for (const auto& c : children_[bus]) nodes += weigh(c);
    return weight_[bus] = nodes;
  }

  //! Depth-first; the child that continues with the most phases and the heaviest subtree comes first.
  void place(const std::string& name, BusId parent) {
    const DssBus& from = model_.bus.at(name);
    Bus bus;
    bus.name = name;
    bus.parent = parent;
    if (from.node.size() > kMaxNodesPerBus)
      fail_input("bus '{}' has {} nodes (at most {})", name, from.node.size(), kMaxNodesPerBus);
    bus.num_nodes = static_cast<int>(from.node.size());
    std::copy(from.node.begin(), from.node.end(), bus.phase.begin());
    bus.kv_base = from.kv_base;
    if (bus.kv_base < 1)
      fail_input("bus '{}' is below 1 kV ({} kV; secondary circuits cannot be represented)", name, from.kv_base);
    bus.x = from.x;
    bus.y = from.y;
    bus.has_coordinates = from.has_coordinates;
    for (std::size_t n = 0; n < from.node.size(); ++n)
      bus.v_initial[n] = bus.v_base[n] = model_.voltage.at(name + "." + std::to_string(from.node[n]));
    const BusId id(net_.buses.size());
    index_[name] = id;
    net_.buses.push_back(bus);
    auto order = children_[name];
    const auto rank = [&](const std::string& c) { return std::pair(model_.bus.at(c).node.size(), weight_[c]); };
    std::stable_sort(order.begin(), order.end(), [&](const auto& a, const auto& b) { return rank(a) > rank(b); });
    for (const auto& c : order) place(c, id);
  }

  void add_branch(std::size_t i) {
    Bus& child = net_.buses[i];
    Bus& parent = net_.buses[child.parent.index()];
    const Link& link = links_.at(child.name);
    const auto nc = static_cast<Eigen::Index>(child.num_nodes), np = static_cast<Eigen::Index>(parent.num_nodes);
    Matrix ycc = Matrix::Zero(nc, nc), ycp = Matrix::Zero(nc, np), ypp = Matrix::Zero(np, np);
    for (const DssBranch* e : link.elements) sum(*e, child, parent, ycc, ycp, ypp);
    const DssBranch& first = *link.elements.front();
    Branch& b = child.branch;
    b.name = first.name;
    b.terminal1_is_parent = first.bus[0] == parent.name;
    if (first.kind == "line" || first.kind == "transformer") {  // OpenDSS gives series reactors a default rating
      b.normal_amps = first.normal_amps;
      b.emergency_amps = first.emergency_amps;
    }
    if (link.elements.size() == 1 && first.kind == "line" && runs_straight(first, child)) line(child, parent, ycc, ycp);
    else other(child, parent, link, ycc, ycp, ypp);
  }

  //! The same phases at both ends, all phases of the child. Other lines are two-ports like any element.
  static bool runs_straight(const DssBranch& line, const Bus& child) {
    std::vector<int> nodes = line.node[0];
    std::sort(nodes.begin(), nodes.end());
    return line.node[0] == line.node[1] &&
           std::equal(nodes.begin(), nodes.end(), child.phase.begin(), child.phase.begin() + child.num_nodes);
  }

  static void sum(const DssBranch& e, const Bus& child, const Bus& parent, Matrix& ycc, Matrix& ycp, Matrix& ypp) {
    const std::size_t c = e.bus[0] == child.name ? 0 : 1, p = 1 - c;
    const auto add = [](Matrix& to, const MatrixC& y, const Bus& rows, const std::vector<int>& rn, const Bus& cols,
                        const std::vector<int>& cn) {
      for (std::size_t i = 0; i < rn.size(); ++i)
        for (std::size_t j = 0; j < cn.size(); ++j)
          to(static_cast<Eigen::Index>(position(rows, rn[i])), static_cast<Eigen::Index>(position(cols, cn[j]))) +=
              y(i, j);
    };
    add(ycc, e.y[c][c], child, e.node[c], child, e.node[c]);
    add(ycp, e.y[c][p], child, e.node[c], parent, e.node[p]);
    add(ypp, e.y[p][p], parent, e.node[p], parent, e.node[p]);
  }

  static void store(const Matrix& from, NodeMatrix& to) {
    for (Eigen::Index i = 0; i < from.rows(); ++i)
      for (Eigen::Index j = 0; j < from.cols(); ++j)
        to[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] = from(i, j);
  }
  static void add_to(const Matrix& from, NodeMatrix& to) {
    for (Eigen::Index i = 0; i < from.rows(); ++i)
      for (Eigen::Index j = 0; j < from.cols(); ++j)
        to[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] += from(i, j);
  }

  //! Series admittance -Ycp on the selected phases; what is left of Ycc is the charging of one end.
  static void line(Bus& child, const Bus& parent, const Matrix& ycc, const Matrix& ycp) {
    const Eigen::Index n = ycc.rows();
    Matrix select = Matrix::Zero(n, ycp.cols()), series(n, n);
    for (Eigen::Index i = 0; i < n; ++i) {
      const auto p = static_cast<Eigen::Index>(position(parent, child.phase[static_cast<std::size_t>(i)]));
      select(i, p) = 1;
      series.col(i) = -ycp.col(p);
    }
    child.branch.kind = BranchKind::line;
    const Matrix z = series.inverse();
    if (!z.allFinite()) fail_input("'{}' has no regular series admittance (one phase is open?)", child.branch.name);
    store(z, child.branch.z);
    store(select, child.branch.a);
    store(select.transpose(), child.branch.i_terminal1);
    store(ycc - series, child.branch.y_line);
  }

  void other(Bus& child, Bus& parent, const Link& link, const Matrix& ycc, const Matrix& ycp, const Matrix& ypp) {
    check_bank(child, parent, link);
    const bool transformer = link.elements.front()->kind == "transformer";
    child.branch.kind = transformer ? BranchKind::transformer : BranchKind::other;
    const Matrix z = ycc.inverse(), a = -z * ycp;
    if (!z.allFinite())
      fail_input("'{}' has no regular admittance seen from bus '{}'", link.elements.front()->name, child.name);
    store(z, child.branch.z);
    store(a, child.branch.a);
    store(a.transpose(), child.branch.i_terminal1);
    add_to(ypp + ycp.transpose() * a, parent.y_shunt);
  }

  //! Elements side by side share one rating and one tap law, so each must have its phases for itself.
  static void check_bank(const Bus& child, const Bus& parent, const Link& link) {
    const DssBranch& first = *link.elements.front();
    std::set<int> taken;
    for (const DssBranch* e : link.elements) {
      const std::size_t c = e->bus[0] == child.name ? 0 : 1;
      for (int node : e->node[c])
        if (!taken.insert(node).second)
          fail_input("'{}' runs parallel to '{}' (elements side by side on one phase cannot be represented)", e->name,
                     first.name);
      if (e->kind != first.kind || e->normal_amps != first.normal_amps || e->emergency_amps != first.emergency_amps)
        fail_input("'{}' and '{}' form a bank but differ in kind or rating (cannot be represented)", first.name,
                   e->name);
      if (e->kind == "transformer" && e->bus[0] != parent.name)
        fail_input("'{}' has its first winding away from the source (cannot be represented; exchange its windings)",
                   e->name);
    }
  }

  void add_source() {
    Bus& root = net_.buses[0];
    store(eigen(model_.source_y).inverse(), root.branch.z);
  }

  void add_shunt(const DssShunt& s) {
    Bus& bus = net_.buses[index_.at(s.bus).index()];
    for (std::size_t i = 0; i < s.node.size(); ++i)
      for (std::size_t j = 0; j < s.node.size(); ++j)
        bus.y_shunt[position(bus, s.node[i])][position(bus, s.node[j])] += s.y(i, j);
  }

  const DssModel& model_;
  Network net_;
  std::map<std::string, Link> links_;
  std::map<std::string, std::vector<std::string>> children_;
  std::map<std::string, std::size_t> weight_;
  std::map<std::string, BusId> index_;
};

}  // namespace

Network build_tree(const DssModel& model) { return TreeBuilder(model).run(); }

}  // namespace gridqueue

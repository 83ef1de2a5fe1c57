#include "host/dss/tree.hpp"

#include <algorithm>
#include <set>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/core/dense_eigen.hpp"
#include "host/dss/floating.hpp"
#include "host/dss/two_port.hpp"

namespace gridqueue {
namespace {

//! All elements between a bus and its parent.
struct Link {
  std::string parent;
  std::vector<const DssBranch*> elements;
};

class TreeBuilder {
 public:
  TreeBuilder(const DssModel& model, Obstacles& obstacles) : model_(model), obstacles_(obstacles) {}

  Network run() {
    find_links();
    weigh();
    place();
    if (crowded_ || model_.lacks_branches) return std::move(net_);
    const bool whole = is_tree_;
    const Obstacles of_rings = obstacles_;
    for (const DssShunt& s : model_.shunts) shunts_[s.bus].push_back(&s);
    obstacles_.told_first([&] {
      const auto grounding = add_branches();
      add_source();
      add_shunts();
      spread_floating(grounding, net_, obstacles_);
    });
    if (whole) warn_of_elements();
    else obstacles_ = of_rings;  // what else is found may come of the branch that is left out of a ring
    return std::move(net_);
  }

 private:
  void refuse(const std::string& element, const std::string& reason) {
    obstacles_.add(element, reason);
    is_tree_ = false;
  }

  void find_links() {
    std::map<std::string, std::vector<const DssBranch*>> at;
    for (const DssBranch& b : model_.branches) at[b.bus[0]].push_back(&b), at[b.bus[1]].push_back(&b);
    outward_.push_back(model_.source_bus);
    std::set<std::string> seen{model_.source_bus};
    for (std::size_t i = 0; i < outward_.size(); ++i) {
      const std::string here = outward_[i];
      for (const DssBranch* b : at[here]) {
        const std::string& there = b->bus[0] == here ? b->bus[1] : b->bus[0];
        if (links_[here].parent == there) continue;
        if (seen.insert(there).second) {
          outward_.push_back(there);
          children_[here].push_back(there);
          links_[there].parent = here;
        } else if (links_[there].parent != here) {
          if (!told_.insert(b).second) continue;
          refuse(b->name + "' of the loop '" + loop(here, there),
                 "closes a loop (only radial feeders can be represented)");
          continue;
        }
        links_[there].elements.push_back(b);
      }
    }
  }

  //! Buses from one to the other by way of the first that both hang on.
  [[nodiscard]] std::string loop(std::string one, std::string other) const {
    const auto way = [&](std::string bus) {
      std::vector<std::string> buses{bus};
      for (auto at = links_.find(bus); at != links_.end() && !at->second.parent.empty(); at = links_.find(bus))
        buses.push_back(bus = at->second.parent);
      return buses;
    };
    std::vector<std::string> up = way(std::move(one)), down = way(std::move(other));
    while (up.size() > 1 && down.size() > 1 && up[up.size() - 2] == down[down.size() - 2])
      up.pop_back(), down.pop_back();
    down.pop_back();
    up.insert(up.end(), down.rbegin(), down.rend());
    constexpr std::size_t kMost = 8;
    std::string text;
    for (std::size_t i = 0; i < std::min(up.size(), kMost); ++i) text += (i ? " " : "") + up[i];
    return up.size() > kMost ? text + fmt::format(" and {} more", up.size() - kMost) : text;
  }

  void weigh() {
    for (auto bus = outward_.rbegin(); bus != outward_.rend(); ++bus) {
      const std::size_t weight = weight_[*bus] += model_.bus.at(*bus).node.size();
      if (*bus != model_.source_bus) weight_[links_.at(*bus).parent] += weight;
    }
  }

  //! Depth-first; the child that continues with the most phases and the heaviest subtree comes first.
  void place() {
    std::vector<std::pair<std::string, BusId>> next{{model_.source_bus, BusId()}};
    while (!next.empty()) {
      const auto [name, parent] = next.back();
      next.pop_back();
      const BusId id(net_.buses.size());
      index_[name] = id;
      net_.buses.push_back(bus(name, parent));
      auto order = children_[name];
      const auto rank = [&](const std::string& c) { return std::pair(model_.bus.at(c).node.size(), weight_.at(c)); };
      std::stable_sort(order.begin(), order.end(), [&](const auto& a, const auto& b) { return rank(a) > rank(b); });
      for (auto child = order.rbegin(); child != order.rend(); ++child) next.emplace_back(*child, id);
    }
  }

  Bus bus(const std::string& name, BusId parent) {
    const DssBus& from = model_.bus.at(name);
    Bus bus;
    bus.name = name;
    bus.whole = from.whole;
    bus.inner = from.inner;
    bus.parent = parent;
    const std::size_t nodes = std::min<std::size_t>(from.node.size(), kMaxNodesPerBus);
    if (nodes < from.node.size()) refuse(name, fmt::format("a bus of more than {} nodes", kMaxNodesPerBus));
    crowded_ = crowded_ || nodes < from.node.size();
    bus.num_nodes = static_cast<int>(nodes);
    std::copy_n(from.node.begin(), nodes, bus.phase.begin());
    bus.kv_base = from.kv_base;
    if (!(bus.kv_base > 0))
      obstacles_.add(name,
                     "no voltage base (Set VoltageBases=[...] and CalcVoltageBases, in the model or by --command)");
    bus.x = from.x;
    bus.y = from.y;
    bus.has_coordinates = from.has_coordinates;
    for (std::size_t n = 0; n < nodes; ++n)
      bus.v_initial[n] = bus.v_base[n] = model_.voltage.at(bus.model_name() + "." + std::to_string(from.node[n]));
    return bus;
  }

  //! Capacitors stay where they are: they may be switched.
  [[nodiscard]] std::vector<const DssShunt*> fixed_shunts(const std::string& bus) const {
    std::vector<const DssShunt*> fixed;
    if (const auto at = shunts_.find(bus); at != shunts_.end())
      for (const DssShunt* s : at->second)
        if (s->name.rfind("capacitor.", 0) != 0) fixed.push_back(s);
    return fixed;
  }

  //! Artificial paths to ground, by bus. Where one stands beside a real one that branches from there bring, such as a
  //! grounding bank, all branches are made again: from the ends, so that what branches bring is known before.
  std::vector<Complex> add_branches() {
    const std::size_t buses = net_.buses.size();
    std::vector<Complex> grounding(buses);
    bool beside = false;
    for (std::size_t i = 1; i < buses; ++i) grounding[i] = add_branch(i);
    for (std::size_t i = 1; i < buses; ++i)
      beside = beside || (grounding[i] != 0.0 && is_grounded_beside(net_.buses[i], std::abs(grounding[i])));
    if (!beside || !is_tree_) return grounding;
    taken_.clear();
    for (Bus& bus : net_.buses) bus.branch = {}, bus.y_shunt = {}, bus.floating = false;
    for (std::size_t i = buses; --i > 0;) grounding[i] = add_branch(i);
    return grounding;
  }

  //! What hangs on a node that the elements from the bus to its parent do not hold; false where that is nothing.
  bool refuse_free(const std::string& bus, int node, const std::vector<const DssBranch*>& elements) {
    std::vector<std::string> names;
    const auto note = [&](const std::string& name, const std::string& at, const std::vector<int>& nodes) {
      if (at == bus && std::count(nodes.begin(), nodes.end(), node) > 0) names.push_back(name);
    };
    for (const DssBranch& b : model_.branches)
      for (std::size_t t = 0; t < 2 && std::count(elements.begin(), elements.end(), &b) == 0; ++t)
        note(b.name, b.bus[t], b.node[t]);
    for (const DssShunt& s : model_.shunts) note(s.name, s.bus, s.node);
    for (const auto& name : names)
      refuse(name, fmt::format("node {} of '{}' is held by nothing on the side of the source (a neutral conductor: "
                               "reduce=yes in its geometry; that or the star point of several elements: a reactor "
                               "from it to ground)",
                               node, bus));
    return !names.empty();
  }

  //! [S] of an artificial path to ground, 0 = none.
  Complex add_branch(std::size_t i) {
    Bus& child = net_.buses[i];
    const auto& elements = links_.at(child.name).elements;
    const auto shunts = fixed_shunts(child.name);
    BranchRemark remark;
    const std::string why = make_branch(elements, shunts, child, net_.buses[child.parent.index()], remark);
    if (remark.free_node > 0 && refuse_free(child.name, remark.free_node, elements)) return 0;
    if (!why.empty()) refuse(elements.front()->name, why);
    if (remark.took_shunts) taken_.insert(shunts.begin(), shunts.end());
    return remark.grounding;
  }

  void add_source() {
    Bus& root = net_.buses[0];
    const EigenMatrix<Complex> z = eigen(model_.source_y).inverse();
    const auto& nodes = model_.source_node;
    for (std::size_t i = 0; i < nodes.size(); ++i)
      for (std::size_t j = 0; j < nodes.size(); ++j)
        root.branch.z[position(root, nodes[i])][position(root, nodes[j])] =
            z(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
    ground_source_neutral(root);
  }

  //! A fourth node of the source's bus is held by what stands between it and ground there.
  void ground_source_neutral(Bus& root) {
    for (std::size_t n = 0; n < static_cast<std::size_t>(root.num_nodes); ++n) {
      const int node = root.phase[n];
      if (std::count(model_.fed.begin(), model_.fed.end(), std::pair(root.name, node)) > 0) continue;
      Complex y = 0;
      for (const DssShunt* s : fixed_shunts(root.name))
        if (s->node == std::vector<int>{node}) y += s->y(0, 0), taken_.insert(s);
      if (y != Complex(0)) root.branch.z[n][n] = 1.0 / y;
      else
        obstacles_.add(root.name, fmt::format("node {} of the source's bus is held by nothing between it and ground "
                                              "(a reactor there can be represented)",
                                              node));
    }
  }

  void add_shunts() {
    for (const DssShunt& s : model_.shunts) {
      if (taken_.count(&s)) continue;
      Bus& bus = net_.buses[index_.at(s.bus).index()];
      for (std::size_t i = 0; i < s.node.size(); ++i)
        for (std::size_t j = 0; j < s.node.size(); ++j)
          bus.y_shunt[position(bus, s.node[i])][position(bus, s.node[j])] += s.y(i, j);
    }
  }

  void warn_of_elements() const {
    if (!model_.unjudged.empty())
      log_warn("{} transformers have all windings at one bus ('{}' the first): what loads them is not judged",
               model_.unjudged.size(), model_.unjudged.front());
    std::size_t lines = 0;
    for (const auto& [bus, link] : links_)
      for (const DssBranch* e : link.elements) lines += link.elements.size() > 1 && e->kind == "line" ? 1 : 0;
    if (lines > 0)
      log_warn("{} lines run beside other elements (each is judged by its own rating; they are not upgraded)", lines);
  }

  const DssModel& model_;
  Obstacles& obstacles_;
  bool is_tree_ = true, crowded_ = false;
  Network net_;
  std::vector<std::string> outward_;  //!< buses, each after its parent
  std::map<std::string, Link> links_;
  std::map<std::string, std::vector<std::string>> children_;
  std::map<std::string, std::size_t> weight_;
  std::map<std::string, BusId> index_;
  std::map<std::string, std::vector<const DssShunt*>> shunts_;
  std::set<const DssShunt*> taken_;
  std::set<const DssBranch*> told_;  //!< that close a loop
};

}  // namespace

Network build_tree(const DssModel& model, Obstacles& obstacles) { return TreeBuilder(model, obstacles).run(); }

}  // namespace gridqueue

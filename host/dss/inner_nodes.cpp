#include "host/dss/inner_nodes.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "host/dss/control_check.hpp"

namespace gridqueue {
namespace {

using Node = std::pair<std::string, int>;  //!< bus, phase
using Rows = std::vector<std::size_t>;

//! The rows that are kept, with what the others, which are one node without injection, do between them.
MatrixC folded(const MatrixC& y, const Rows& kept, const Rows& gone) {
  Complex own = 0;
  for (std::size_t f : gone)
    for (std::size_t g : gone) own += y(f, g);
  MatrixC rest = zeros<Complex>(kept.size(), kept.size());
  for (std::size_t i = 0; i < kept.size(); ++i)
    for (std::size_t j = 0; j < kept.size(); ++j) {
      Complex to = 0, from = 0;
      for (std::size_t f : gone) to += y(kept[i], f), from += y(f, kept[j]);
      rest(i, j) = y(kept[i], kept[j]) - (own == Complex(0) ? Complex(0) : to * from / own);
    }
  return rest;
}

template <class Gone>
std::pair<Rows, Rows> kept_and_gone(std::size_t size, const Gone& is_gone) {
  std::pair<Rows, Rows> rows;
  for (std::size_t i = 0; i < size; ++i) (is_gone(i) ? rows.second : rows.first).push_back(i);
  return rows;
}

void fold(DssShunt& s, int node) {
  const auto [kept, gone] = kept_and_gone(s.node.size(), [&](std::size_t i) { return s.node[i] == node; });
  s.y = folded(s.y, kept, gone);
  std::erase(s.node, node);
}

//! At the end `at` of a branch, in whose matrix its rows come first.
void fold(DssBranch& b, std::size_t at, int node) {
  const std::size_t end[2] = {at, 1 - at}, first = b.node[at].size(), all = first + b.node[1 - at].size();
  const auto place = [&](std::size_t i) { return i < first ? std::pair(end[0], i) : std::pair(end[1], i - first); };
  MatrixC y = zeros<Complex>(all, all);
  for (std::size_t i = 0; i < all; ++i)
    for (std::size_t j = 0; j < all; ++j)
      y(i, j) = b.y[place(i).first][place(j).first](place(i).second, place(j).second);
  const auto is_gone = [&](std::size_t i) { return i < first && b.node[at][i] == node; };
  const auto [kept, gone] = kept_and_gone(all, is_gone);
  const MatrixC rest = folded(y, kept, gone);
  const std::size_t here = first - gone.size();
  const auto copy = [&](std::size_t row, std::size_t rows, std::size_t column, std::size_t columns) {
    MatrixC block = zeros<Complex>(rows, columns);
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) block(i, j) = rest(row + i, column + j);
    return block;
  };
  const std::size_t there = all - first;
  b.y[at][at] = copy(0, here, 0, here), b.y[at][1 - at] = copy(0, here, here, there);
  b.y[1 - at][at] = copy(here, there, 0, here), b.y[1 - at][1 - at] = copy(here, there, here, there);
  for (auto i = gone.rbegin(); i != gone.rend(); ++i) {
    if (at == 0 && *i < b.terminal1) --b.terminal1;
    b.node[at].erase(b.node[at].begin() + static_cast<std::ptrdiff_t>(*i));
    b.terminal[at].erase(b.terminal[at].begin() + static_cast<std::ptrdiff_t>(*i));
  }
}

//! A branch whose inner node others share: its currents hang on the nodes of all of them. Those are appended to its own
//! as conductors without a current, so that the sum over the branches is what the shared node makes of it.
class SharedNode {
 public:
  //! `ends`: that of each branch where the node is.
  SharedNode(std::vector<DssBranch*> branches, std::vector<std::size_t> ends, int node)
      : branches_(std::move(branches)), ends_(std::move(ends)), node_(node) {
    for (std::size_t k = 0; k < branches_.size(); ++k) add(*branches_[k], ends_[k]);
  }

  //! False where nothing holds it.
  [[nodiscard]] bool fold() const {
    if (own_ == Complex(0)) return false;
    for (std::size_t k = 0; k < branches_.size(); ++k) fold(*branches_[k], ends_[k]);
    return true;
  }

 private:
  [[nodiscard]] bool is_gone(const DssBranch& b, std::size_t at, std::size_t t, std::size_t i) const {
    return t == at && b.node[t][i] == node_;
  }

  void add(const DssBranch& b, std::size_t at) {
    for (std::size_t g = 0; g < b.node[at].size(); ++g) {
      if (b.node[at][g] != node_) continue;
      for (std::size_t t = 0; t < 2; ++t)
        for (std::size_t j = 0; j < b.node[t].size(); ++j)
          (is_gone(b, at, t, j) ? own_ : other_[t == at ? 0 : 1][b.node[t][j]]) += b.y[at][t](g, j);
    }
  }

  void fold(DssBranch& b, std::size_t at) const {
    const DssBranch was = b;
    Rows kept[2];
    for (std::size_t t = 0; t < 2; ++t) {
      b.node[t].clear(), b.terminal[t].clear();
      for (std::size_t i = 0; i < was.node[t].size(); ++i) {
        if (is_gone(was, at, t, i)) {
          b.terminal1 -= t == 0 && i < was.terminal1 ? 1 : 0;
          continue;
        }
        kept[t].push_back(i);
        b.node[t].push_back(was.node[t][i]), b.terminal[t].push_back(was.terminal[t][i]);
      }
      for (const auto& [node, y] : other_[t == at ? 0 : 1]) b.node[t].push_back(node), b.terminal[t].push_back(-1);
    }
    for (std::size_t t = 0; t < 2; ++t)
      for (std::size_t u = 0; u < 2; ++u) b.y[t][u] = block(was, at, t, u, kept);
  }

  [[nodiscard]] MatrixC block(const DssBranch& was, std::size_t at, std::size_t t, std::size_t u,
                              const Rows (&kept)[2]) const {
    const auto& others = other_[u == at ? 0 : 1];
    MatrixC y = zeros<Complex>(kept[t].size() + other_[t == at ? 0 : 1].size(), kept[u].size() + others.size());
    for (std::size_t i = 0; i < kept[t].size(); ++i) {
      for (std::size_t j = 0; j < kept[u].size(); ++j) y(i, j) = was.y[t][u](kept[t][i], kept[u][j]);
      Complex to_shared = 0;
      for (std::size_t g = 0; g < was.node[at].size(); ++g)
        if (was.node[at][g] == node_) to_shared += was.y[t][at](kept[t][i], g);
      std::size_t column = kept[u].size();
      for (const auto& [node, from_shared] : others) y(i, column++) = -to_shared * from_shared / own_;
    }
    return y;
  }

  std::vector<DssBranch*> branches_;
  std::vector<std::size_t> ends_;
  int node_;
  Complex own_ = 0;
  std::map<int, Complex> other_[2];  //!< admittance between the shared node and those of its bus, and of the other bus
};

class Folder {
 public:
  Folder(DssEngine& dss, const std::vector<DssLoad>& loads, DssModel& model) : model_(model) {
    for (int node : model.source_node) held_.insert({model.source_bus, node});
    for (const DssLoad& load : loads)
      for (const auto& [one, two] : load.phase) held_.insert({load.bus, one}), held_.insert({load.bus, two});
    for (const auto& control : model.regulators)
      controlled_.insert("transformer." + dss.property(control, "transformer"));
    for (const DssBranch& b : model.branches)
      beside_[b.bus[0]].push_back(b.bus[1]), beside_[b.bus[1]].push_back(b.bus[0]);
    find_distances();
  }

  void run() {
    for (DssShunt& s : model_.shunts)
      for (int node : inner_nodes(s.bus, s.node))
        if (s.node != std::vector<int>(s.node.size(), node)) fold(s, node), drop(s.bus, node);
    for (DssBranch& b : model_.branches)
      for (std::size_t t = 0; t < 2; ++t)
        if (b.kind == "transformer" && !controlled_.count(b.name) && distance_[b.bus[t]] < distance_[b.bus[1 - t]])
          for (int node : inner_nodes(b.bus[t], b.node[t]))
            if (b.node[t] != std::vector<int>(b.node[t].size(), node)) fold(b, t, node), drop(b.bus[t], node);
    for (auto& [name, bus] : model_.bus)
      for (int node : std::vector<int>(bus.node))
        if (node > 3) fold_shared(name, node);
  }

 private:
  //! Of a bank: three transformers and no other element, all to one bus further from the source, none with a control.
  //! Of two the star point carries what one draws through the other, which is next to nothing.
  void fold_shared(const std::string& bus, int node) {
    std::vector<DssBranch*> branches;
    std::vector<std::size_t> ends;
    for (DssBranch& b : model_.branches)
      for (std::size_t t = 0; t < 2; ++t)
        if (b.bus[t] == bus && std::count(b.node[t].begin(), b.node[t].end(), node) > 0)
          branches.push_back(&b), ends.push_back(t);
    if (branches.size() < 3 || held_.count({bus, node}) > 0 || elements_at(bus, node) != branches.size()) return;
    const std::string there = branches[0]->bus[1 - ends[0]];
    if (distance_[there] <= distance_[bus]) return;
    for (std::size_t k = 0; k < branches.size(); ++k)
      if (branches[k]->kind != "transformer" || controlled_.count(branches[k]->name) ||
          branches[k]->bus[1 - ends[k]] != there)
        return;
    if (SharedNode(branches, ends, node).fold()) drop(bus, node);
  }

  //! By buses from the source.
  void find_distances() {
    std::vector<std::string> queue{model_.source_bus};
    distance_[model_.source_bus] = 0;
    for (std::size_t i = 0; i < queue.size(); ++i)
      for (const auto& there : beside_[queue[i]])
        if (distance_.emplace(there, distance_[queue[i]] + 1).second) queue.push_back(there);
  }

  //! Of one element at a bus. The numbers from 4 up: a phase is told as open, not left out.
  [[nodiscard]] std::set<int> inner_nodes(const std::string& bus, const std::vector<int>& nodes) const {
    std::set<int> inner(nodes.begin(), nodes.end());
    std::erase_if(inner, [&](int node) {
      return node <= 3 || held_.count({bus, node}) > 0 || elements_at(bus, node) != 1;
    });
    return inner;
  }
  [[nodiscard]] std::size_t elements_at(const std::string& bus, int node) const {
    const auto has = [&](const std::string& at, const std::vector<int>& nodes) {
      return at == bus && std::count(nodes.begin(), nodes.end(), node) > 0;
    };
    std::size_t count = 0;
    for (const DssShunt& s : model_.shunts) count += has(s.bus, s.node) ? 1 : 0;
    for (const DssBranch& b : model_.branches) count += has(b.bus[0], b.node[0]) || has(b.bus[1], b.node[1]) ? 1 : 0;
    return count;
  }
  void drop(const std::string& bus, int node) { std::erase(model_.bus.at(bus).node, node); }

  DssModel& model_;
  std::set<Node> held_;
  std::set<std::string> controlled_;
  std::map<std::string, std::vector<std::string>> beside_;
  std::map<std::string, int> distance_;
};

}  // namespace

void fold_inner_nodes(DssEngine& dss, const std::vector<DssLoad>& loads, DssModel& model) {
  const auto beyond = [](const auto& bus) { return bus.second.node.size() > 0 && bus.second.node.back() > 3; };
  if (std::any_of(model.bus.begin(), model.bus.end(), beyond)) Folder(dss, loads, model).run();
}

void fold_missing_nodes(const DssModel& model, DssShunt& shunt) {
  const std::vector<int>& there = model.bus.at(shunt.bus).node;
  const std::set<int> nodes(shunt.node.begin(), shunt.node.end());
  for (int node : nodes)
    if (std::count(there.begin(), there.end(), node) == 0) fold(shunt, node);
}

}  // namespace gridqueue

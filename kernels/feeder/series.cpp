#include "kernels/feeder/series.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "kernels/feeder/feeder_records.hpp"

namespace gridqueue {
namespace {

//! Largest sum of magnitudes of a row.
double row_norm(const NodeMatrix& m) {
  double largest = 0;
  for (const auto& row : m) {
    double sum = 0;
    for (Complex x : row) sum += std::abs(x);
    largest = std::max(largest, sum);
  }
  return largest;
}

NodeMatrix plus(const NodeMatrix& a, double factor, const NodeMatrix& b) {
  NodeMatrix sum = a;
  for (std::size_t r = 0; r < a.size(); ++r)
    for (std::size_t c = 0; c < a.size(); ++c) sum[r][c] += factor * b[r][c];
  return sum;
}

//! x with b = x a, where there is one.
std::optional<double> multiple(const NodeMatrix& a, const NodeMatrix& b, double tolerance) {
  const double size = row_norm(b), x = row_norm(a) > 0 ? size / row_norm(a) : 0;
  if (row_norm(plus(b, -x, a)) > tolerance * size) return std::nullopt;
  return x;
}

//! Buses that a sweep has to stop at.
std::vector<bool> buses_in_use(const Network& net, const EvaluatorOptions& options) {
  std::vector<bool> used(net.buses.size(), false);
  const auto use = [&](BusId bus) {
    if (bus.valid()) used[bus.index()] = true;
  };
  std::vector<int> children(net.buses.size(), 0);
  for (std::size_t i = 0; i < net.buses.size(); ++i) {
    const Bus& b = net.buses[i];
    if (b.parent.valid()) ++children[b.parent.index()];
    if (b.branch.kind != BranchKind::line || b.y_shunt != NodeMatrix{}) used[i] = true;
    if (b.branch.kind != BranchKind::line) use(b.parent);
  }
  for (std::size_t i = 0; i < net.buses.size(); ++i) used[i] = used[i] || children[i] != 1;
  for (const Load& load : net.loads) use(load.bus);
  for (UnitSite site : options.sites) use(site.bus);
  for (const Capacitor& c : net.capacitors) use(c.bus);
  for (const Regulator& r : net.regulators) use(r.measured_bus);
  for (const CapacitorControl& c : net.capacitor_controls) {
    use(c.measured_bus);
    use(c.line);
    if (c.line.valid()) use(net.buses[c.line.index()].parent);
  }
  return used;
}

//! Whether the line to `below` goes on what the line to `bus` is.
bool goes_on(const Network& net, BusId bus, BusId below) {
  const Bus &a = net.buses[bus.index()], &b = net.buses[below.index()];
  if (b.branch.kind != BranchKind::line || a.num_nodes != b.num_nodes || a.phase != b.phase) return false;
  if (!a.branch.elements.empty() || !b.branch.elements.empty() || a.kv_base != b.kv_base) return false;
  const bool charged = row_norm(a.branch.y_line) > 0;
  if (charged != (row_norm(b.branch.y_line) > 0)) return false;
  const auto z = multiple(a.branch.z, b.branch.z, 1e-9), y = multiple(a.branch.y_line, b.branch.y_line, 1e-6);
  return z && y && *z > 0 && (!charged || std::abs(*y - *z) <= 1e-6 * *z);
}

Series join(const Network& net, const std::vector<BusId>& bus) {
  Series s{bus, {}, {}, {}};
  for (BusId b : bus) {
    s.z = plus(s.z, 1, net.buses[b.index()].branch.z);
    s.y = plus(s.y, 1, net.buses[b.index()].branch.y_line);
  }
  for (BusId b : bus) s.share.push_back(row_norm(net.buses[b.index()].branch.z) / row_norm(s.z));
  return s;
}

template <class Real>
class SeriesRecords {
 public:
  SeriesRecords(const Network& network, const std::vector<Series>& series, CompiledFeeder<Real>& feeder)
      : net_(network), series_(series), out_(feeder), at_(network.buses.size(), 0) {}

  std::vector<std::int32_t> add() {
    std::vector<std::int32_t> ending(net_.buses.size(), -1);
    for (std::size_t s = 0; s < series_.size(); ++s) {
      for (BusId b : series_[s].bus) at_[b.index()] = -1;
      ending[series_[s].bus.back().index()] = static_cast<std::int32_t>(s);
    }
    out_.series_share.assign(net_.buses.size(), {});
    for (std::size_t i = 0; i < net_.buses.size(); ++i)
      if (at_[i] >= 0 || ending[i] >= 0) keep(i, ending[i]);
    if (out_.shape.exact_charging != 0)
      for (std::size_t s = 0; s < series_.size(); ++s) move_charging(series_[s], out_.series[s]);
    return parent_;
  }

 private:
  void keep(std::size_t i, std::int32_t series) {
    at_[i] = static_cast<std::int32_t>(out_.swept.size());
    BusId parent = net_.buses[i].parent;
    out_.swept.push_back(out_.bus[i]);
    if (series >= 0) {
      const Series& s = series_[static_cast<std::size_t>(series)];
      parent = net_.buses[s.bus.front().index()].parent;
      join_line(s, out_.swept.back());
    }
    BusRecord& r = out_.swept.back();
    parent_.push_back(parent.valid() ? at_[parent.index()] : -1);
    r.chained = 0;
    if (r.kind == SweepKind::source || r.kind == SweepKind::two_port) return;
    bool same = parent_.back() + 1 == at_[i] && r.num_nodes == r.parent_nodes;
    for (std::int32_t n = 0; n < r.num_nodes; ++n) same = same && r.select[n] == n;
    r.chained = same ? 1 : 0;
  }

  //! The record of the bottom becomes that of the joined line.
  void join_line(const Series& s, BusRecord& r) {
    FeederView<Real>& shape = out_.shape;
    const BusRecord& first = out_.bus[s.bus.front().index()];
    r.parent_node = first.parent_node;
    r.parent_nodes = first.parent_nodes;
    std::copy_n(first.select, kMaxNodes, r.select);
    r.coefficient = add_line(net_.buses[s.bus.back().index()], s.z, s.y, out_.coefficient);
    r.line = static_cast<std::int32_t>(lines() + out_.series.size());
    r.current = 2 * shape.num_nodes + shape.num_series_rows;
    shape.num_series_rows += 2 * r.num_nodes;
    SeriesRecord record{r.num_nodes,
                        r.parent_node,
                        {},
                        r.node,
                        r.current,
                        r.line,
                        r.coefficient,
                        static_cast<std::int32_t>(out_.member.size()),
                        static_cast<std::int32_t>(s.bus.size())};
    std::copy_n(r.select, kMaxNodes, record.select);
    out_.series.push_back(record);
    for (std::size_t k = 0; k < s.bus.size(); ++k) {
      const BusRecord& member = out_.bus[s.bus[k].index()];
      out_.member.push_back({member.node, member.line, static_cast<Real>(s.share[k])});
      out_.series_share[s.bus[k].index()] = {r.line, s.share[k]};
    }
  }
  [[nodiscard]] std::size_t lines() const {
    return static_cast<std::size_t>(
        std::count_if(out_.line_row.begin(), out_.line_row.end(), [](int r) { return r >= 0; }));
  }

  //! What the lines between draw, at its ends: BusRecord::admittance.
  void move_charging(const Series& s, const SeriesRecord& record) {
    const Bus& bottom = net_.buses[s.bus.back().index()];
    const Bus& first = net_.buses[s.bus.front().index()];
    const double unit = base_volts(bottom) / base_amps(bottom);
    const std::int32_t every[kMaxNodes] = {0, 1, 2, 3};
    BusRecord& top = out_.swept[static_cast<std::size_t>(at_[first.parent.index()])];
    add_admittance(top, plus(s.y, -1, first.branch.y_line), unit, record.nodes, record.select);
    BusRecord& below = out_.swept[static_cast<std::size_t>(at_[s.bus.back().index()])];
    add_admittance(below, plus(s.y, -1, bottom.branch.y_line), unit, record.nodes, every);
  }

  //! A new one: the old one stays that of the bus alone.
  void add_admittance(BusRecord& r, const NodeMatrix& y, double unit, std::int32_t nodes, const std::int32_t* place) {
    const auto n = static_cast<std::size_t>(r.num_nodes), first = out_.coefficient.size();
    for (std::size_t k = 0; k < 2 * n * n; ++k) {
      const Real old = r.admittance < 0 ? Real(0) : out_.coefficient[static_cast<std::size_t>(r.admittance) + k];
      out_.coefficient.push_back(old);
    }
    for (std::int32_t row = 0; row < nodes; ++row)
      for (std::int32_t column = 0; column < nodes; ++column) {
        const Complex more = y[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)] * unit;
        const std::size_t at =
            first + 2 * (static_cast<std::size_t>(place[row]) * n + static_cast<std::size_t>(place[column]));
        out_.coefficient[at] += static_cast<Real>(more.real());
        out_.coefficient[at + 1] += static_cast<Real>(more.imag());
      }
    r.admittance = static_cast<std::int32_t>(first);
  }

  const Network& net_;
  const std::vector<Series>& series_;
  CompiledFeeder<Real>& out_;
  std::vector<std::int32_t> at_;  //!< by bus: its place among the swept ones, -1 = not there
  std::vector<std::int32_t> parent_;
};

}  // namespace

std::vector<Series> find_series(const Network& network, const EvaluatorOptions& options, double charging) {
  if (!options.only_sites) return {};
  const std::vector<bool> used = buses_in_use(network, options);
  std::vector<BusId> below(network.buses.size());  // of a bus with one child
  for (std::size_t i = 1; i < network.buses.size(); ++i) below[network.buses[i].parent.index()] = BusId(i);
  std::vector<bool> taken(network.buses.size(), false);
  std::vector<Series> found;
  for (std::size_t i = 1; i < network.buses.size(); ++i) {
    if (used[i] || taken[i]) continue;
    std::vector<BusId> run{BusId(i)};
    NodeMatrix z = network.buses[i].branch.z, y = network.buses[i].branch.y_line;
    while (!used[run.back().index()] && goes_on(network, run.back(), below[run.back().index()])) {
      const Branch& next = network.buses[below[run.back().index()].index()].branch;
      z = plus(z, 1, next.z), y = plus(y, 1, next.y_line);
      if (row_norm(z) * row_norm(y) > charging) break;
      run.push_back(below[run.back().index()]);
    }
    if (run.size() < 2) continue;
    for (BusId b : run) taken[b.index()] = true;
    found.push_back(join(network, run));
  }
  return found;
}

template <class Real>
std::vector<std::int32_t> add_series(const Network& network, const std::vector<Series>& series,
                                     CompiledFeeder<Real>& feeder) {
  return SeriesRecords<Real>(network, series, feeder).add();
}

template std::vector<std::int32_t> add_series<float>(const Network&, const std::vector<Series>&,
                                                     CompiledFeeder<float>&);
template std::vector<std::int32_t> add_series<double>(const Network&, const std::vector<Series>&,
                                                      CompiledFeeder<double>&);

}  // namespace gridqueue

// Elements that are no straight line or transformer, in OpenDSS's language.
#include <algorithm>
#include <optional>

#include "gridqueue/contracts.hpp"
#include "host/core/dense_eigen.hpp"
#include "host/dss/export_elements.hpp"
#include "host/dss/export_sequences.hpp"
#include "host/dss/export_words.hpp"
#include "host/dss/two_port.hpp"

namespace gridqueue {
namespace {

//! A line beside others, or one that exchanges phases; "" where not all of its conductors lead through, or its ends are
//! not charged alike and by capacitances alone, as where a conductor is open.
std::string dss_coupled_line(const Network& net, const FixedElement& f, std::size_t number, bool again) {
  const Bus& child = net.buses[f.bus.index()];
  const Bus& parent = net.buses[f.parent.index()];
  std::size_t n = 0;
  std::vector<int> own, above;
  for (; n < kMaxNodesPerBus && f.line_node[n] >= 0; ++n) {
    own.push_back(child.phase[static_cast<std::size_t>(f.line_node[n])]);
    above.push_back(parent.phase[static_cast<std::size_t>(f.line_parent_node[n])]);
  }
  const auto entry = [&](const std::array<int, kMaxNodesPerBus>& to, std::size_t first, std::size_t i, std::size_t j) {
    return f.y[static_cast<std::size_t>(f.line_node[i])][first + static_cast<std::size_t>(to[j])];
  };
  const auto size = static_cast<Eigen::Index>(n);
  EigenMatrix<Complex> series(size, size);
  NodeMatrix charging{}, z{};
  double no_line = 0, largest_charging = 0;  // S
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      const Complex through = -entry(f.line_parent_node, kMaxNodesPerBus, i, j);
      series(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = through;
      charging[i][j] = entry(f.line_node, 0, i, j) - through;
      const Complex other = f.y[kMaxNodesPerBus + static_cast<std::size_t>(f.line_parent_node[i])]
                               [kMaxNodesPerBus + static_cast<std::size_t>(f.line_parent_node[j])] -
                            through;
      largest_charging = std::max(largest_charging, std::abs(charging[i][j]));
      no_line = std::max({no_line, std::abs(charging[i][j].real()), std::abs(other - charging[i][j])});
    }
  if (no_line > 1e-6 * largest_charging + 1e-12 * series.cwiseAbs().maxCoeff()) return {};
  const EigenMatrix<Complex> inverse = series.inverse();
  if (!inverse.allFinite()) return {};
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) z[i][j] = inverse(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
  const std::string at_child = with_nodes(child.model_name(), own), at_parent = with_nodes(parent.model_name(), above);
  const auto [normal, emergency] = ratings(child.branch, f.name);
  const double nanofarad = 2e9 / omega(net);  // both ends of the line
  return fmt::format("New {} bus1={} bus2={} phases={} length=1 units=none{}\n",
                     dss_word(f.name + (again ? fmt::format("_{}", number) : "")),
                     f.terminal1_is_parent ? at_parent : at_child, f.terminal1_is_parent ? at_child : at_parent, n,
                     emergency > 0 ? fmt::format(" normamps={} emergamps={}", normal, emergency) : "") +
         fmt::format("~ rmatrix={}\n~ xmatrix={}\n~ cmatrix={}\n", matrix(z, n, [](Complex x) { return x.real(); }),
                     matrix(z, n, [](Complex x) { return x.imag(); }),
                     matrix(charging, n, [&](Complex y) { return y.imag() * nanofarad; }));
}

//! Whether it is the same from either end.
bool symmetric(const FixedElement& f) {
  double largest = 0, difference = 0;
  for (std::size_t i = 0; i < f.y.size(); ++i)
    for (std::size_t j = 0; j < f.y.size(); ++j) {
      largest = std::max(largest, std::abs(f.y[i][j]));
      difference = std::max(difference, std::abs(f.y[i][j] - f.y[j][i]));
    }
  return difference <= 1e-9 * largest;
}

//! A reactor of three phases whose positive and negative sequence differ, to ground, to a star point of its own, or
//! between equal phases of two buses.
std::string dss_sequence_reactor(const Network& net, const FixedElement& f, std::size_t number) {
  const auto cannot = [&] {
    fail_input("'{}' has another impedance in negative sequence than in positive (export-dss cannot write that)",
               f.name);
  };
  const Bus& bus = net.buses[f.bus.index()];
  std::vector<std::size_t> row, parent_row;  // of f.y
  std::vector<int> nodes;
  for (std::size_t n = 0; n < static_cast<std::size_t>(bus.num_nodes); ++n)
    if (std::abs(f.y[n][n]) > 0) row.push_back(n), nodes.push_back(bus.phase[n]);
  const auto y = [&](std::size_t r, std::size_t c) { return f.y[row[r]][row[c]]; };
  const auto sequences = row.size() == 3 ? sequences_of(3, y) : std::nullopt;
  if (!sequences) cannot();
  Sequences z{1.0 / sequences->positive, 1.0 / sequences->negative, 1.0 / sequences->zero};
  std::string other = with_nodes(bus.model_name(), {0, 0, 0});
  if (std::abs(sequences->zero) < 1e-9 * std::abs(sequences->positive)) {  // what a star point would carry
    z.zero = z.positive;
    const int star = free_node(bus);
    other = with_nodes(bus.model_name(), {star, star, star});
  }
  if (f.parent.valid()) {
    const Bus& parent = net.buses[f.parent.index()];
    for (int node : nodes) parent_row.push_back(kMaxNodesPerBus + position(parent, node));
    for (std::size_t r = 0; r < 3; ++r)
      for (std::size_t c = 0; c < 3; ++c)
        if (std::abs(f.y[row[r]][parent_row[c]] + y(r, c)) > 1e-9 * std::abs(y(0, 0))) cannot();
    other = with_nodes(parent.model_name(), nodes);
  }
  return fmt::format("New Reactor.gq_{} phases=3 bus1={} bus2={} {}\n", number, with_nodes(bus.model_name(), nodes),
                     other, dss_sequences(z));
}

}  // namespace

std::string dss_fixed_element(const Network& net, const FixedElement& element, std::size_t number, bool again) {
  if (element.line_node[0] >= 0)
    if (const std::string line = dss_coupled_line(net, element, number, again); !line.empty()) return line;
  if (!symmetric(element)) return dss_sequence_reactor(net, element, number);
  std::vector<std::size_t> row;
  std::vector<std::string> node;
  const auto add_nodes = [&](BusId id, std::size_t first) {
    const Bus& bus = net.buses[id.index()];
    for (std::size_t n = 0; n < static_cast<std::size_t>(bus.num_nodes); ++n)
      row.push_back(first + n), node.push_back(with_nodes(bus.model_name(), {bus.phase[n]}));
  };
  add_nodes(element.bus, 0);
  if (element.parent.valid()) add_nodes(element.parent, kMaxNodesPerBus);
  return fmt::format("! {}\n", element.name) +
         dss_reactors(fmt::format("Reactor.gq_{}", number), node,
                      with_nodes(net.buses[element.bus.index()].model_name(), {0}),
                      [&](std::size_t i, std::size_t j) { return element.y[row[i]][row[j]]; });
}

std::string dss_reactors(const std::string& name, const std::vector<std::string>& node, const std::string& ground,
                         const std::function<Complex(std::size_t, std::size_t)>& y) {
  std::string text;
  int part = 0;
  const auto reactor = [&](const std::string& from, const std::string& to, Complex through) {
    const Complex z = 1.0 / through;
    text += fmt::format("New {} phases=1 bus1={} bus2={} r={} x={}\n", dss_word(fmt::format("{}_{}", name, ++part)),
                        from, to, z.real(), z.imag());
  };
  for (std::size_t i = 0; i < node.size(); ++i) {
    Complex rest = 0;
    double largest = 0;
    for (std::size_t j = 0; j < node.size(); ++j) {
      rest += y(i, j);
      largest = std::max(largest, std::abs(y(i, j)));
      if (j > i && std::abs(y(i, j)) > 0) reactor(node[i], node[j], -y(i, j));
    }
    if (std::abs(rest) > 1e-12 * largest) reactor(node[i], ground, rest);  // below it is rounding
  }
  return text;
}

}  // namespace gridqueue

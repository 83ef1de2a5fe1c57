// Capacitors in OpenDSS's language.
#include <algorithm>

#include "gridqueue/contracts.hpp"
#include "host/dss/export_elements.hpp"
#include "host/dss/export_words.hpp"
#include "host/dss/two_port.hpp"

namespace gridqueue {
namespace {

constexpr double kRounding = 1e-9;   //!< of an admittance
constexpr double kHoldsStar = 1e-7;  //!< of a phase's admittance: from a star point to its first phase

//! Nodes of the bus between which a capacitor lies.
std::vector<std::size_t> nodes_of(const Capacitor& c) {
  std::vector<std::size_t> nodes;
  for (std::size_t n = 0; n < kMaxNodesPerBus; ++n)
    if (std::abs(c.y[n][n]) > kOpen) nodes.push_back(n);
  return nodes;
}

std::vector<int> numbers_of(const Bus& bus, const std::vector<std::size_t>& nodes) {
  std::vector<int> numbers;
  for (std::size_t n : nodes) numbers.push_back(bus.phase[n]);
  return numbers;
}

double largest_entry(const Capacitor& c) {
  double largest = 0;
  for (const auto& row : c.y)
    for (Complex y : row) largest = std::max(largest, std::abs(y));
  return largest;
}

bool has_resistance(const Capacitor& c) {
  const double least = kRounding * largest_entry(c);
  return std::any_of(c.y.begin(), c.y.end(), [&](const auto& row) {
    return std::any_of(row.begin(), row.end(), [&](Complex y) { return std::abs(y.real()) > least; });
  });
}

bool alike_in_all_phases(const Capacitor& c, const std::vector<std::size_t>& at) {
  const Complex own = c.y[at[0]][at[0]], mutual = at.size() > 1 ? c.y[at[0]][at[1]] : 0;
  return std::all_of(at.begin(), at.end(), [&](std::size_t i) {
    return std::all_of(at.begin(), at.end(), [&](std::size_t j) {
      return std::abs(c.y[i][j] - (i == j ? own : mutual)) <= 1e-6 * std::abs(own);
    });
  });
}

//! `more`: what stands between its kV and its capacitances. The other end of each phase is grounded; of four that has
//! to be said.
std::string dss_matrix(const Network& net, const Capacitor& c, const std::vector<std::size_t>& at,
                       const std::string& more) {
  const Bus& bus = net.buses[c.bus.index()];
  NodeMatrix y{};
  for (std::size_t i = 0; i < at.size(); ++i)
    for (std::size_t j = 0; j < at.size(); ++j) y[i][j] = c.y[at[i]][at[j]];
  const double kv = bus.kv_base * (at.size() > 1 ? std::sqrt(3.0) : 1);
  return fmt::format("New {} phases={} bus1={} bus2={} kv={}{} cmatrix={}\n", dss_word(c.name), at.size(),
                     with_nodes(bus.model_name(), numbers_of(bus, at)),
                     with_nodes(bus.model_name(), std::vector<int>(at.size(), 0)), kv, more,
                     matrix(y, at.size(), [&](Complex entry) { return entry.imag() * 1e6 / omega(net); }));
}

//! A capacitor of equal phases as OpenDSS describes it.
class EqualPhases {
 public:
  EqualPhases(const Network& net, const Capacitor& c, std::vector<std::size_t> at)
      : bus_(net.buses[c.bus.index()]), c_(c), at_(std::move(at)), omega_(omega(net)) {
    const Complex own = c.y[at_[0]][at_[0]], mutual = at_.size() > 1 ? c.y[at_[0]][at_[1]] : 0;
    const bool between = std::abs(mutual) > kRounding * std::abs(own);
    pair_ = between && at_.size() == 2;
    triangle_ = between && c.delta && !pair_;
    star_point_ = between && !c.delta && !pair_;
    const Complex z = 1.0 / (pair_ ? own : own - mutual);  // of a mode in which no current flows to ground
    if (!(z.imag() < 0)) fail_input("'{}' is switched and no capacitance (cannot be exported)", c.name);
    if (z.real() > kRounding * std::abs(z)) r_ = z.real();
    capacitance_ = -1 / z.imag();
    if (triangle_) capacitance_ /= 3;
  }

  [[nodiscard]] std::string dss(const CapacitorControl& control) const {
    const std::size_t phases = pair_ ? 1 : at_.size();
    const double line = bus_.kv_base * std::sqrt(3.0);
    const double across = pair_ || triangle_ ? line : bus_.kv_base;  // [kV] of one of its capacitances
    const bool by_lines = pair_ || phases == 2 || phases == 3;
    const bool unequal = control.step_size[0] > 0;  // OpenDSS 0.14.5 takes the first kvar for all steps
    std::vector<double> size, ohm;                  // kvar, or uF where the steps are unequal
    for (std::size_t k = 0; k < static_cast<std::size_t>(control.steps); ++k) {
      const double share = unequal ? control.step_size[k] : 1;
      size.push_back(unequal ? share * capacitance_ * 1e6 / omega_
                             : capacitance_ * across * across * 1e3 * static_cast<double>(phases));
      ohm.push_back(r_ / share);
    }
    const std::string r = r_ > 0 ? fmt::format(" r=({})", fmt::join(ohm, " ")) : "";
    return fmt::format("New {} phases={} {} conn={} kv={} numsteps={} {}=({}){}\n", dss_word(c_.name), phases, where(),
                       c_.delta ? "delta" : "wye", by_lines ? line : bus_.kv_base, control.steps,
                       unequal ? "cuf" : "kvar", fmt::join(size, " "), r) +
           held_star();
  }

 private:
  [[nodiscard]] std::string at(const std::vector<int>& nodes) const { return with_nodes(bus_.model_name(), nodes); }

  [[nodiscard]] std::string where() const {
    const std::vector<int> nodes = numbers_of(bus_, at_);
    if (c_.delta) return "bus1=" + at(nodes);
    if (pair_) return fmt::format("bus1={} bus2={}", at({nodes[0]}), at({nodes[1]}));
    const int other = star_point_ ? free_node(bus_) : 0;
    return fmt::format("bus1={} bus2={}", at(nodes), at(std::vector<int>(nodes.size(), other)));
  }

  //! Where no step is in service, nothing else holds the star point, and OpenDSS's equations have no solution.
  [[nodiscard]] std::string held_star() const {
    if (!star_point_) return {};
    return fmt::format("New {} phases=1 bus1={} bus2={} r={} x=0\n",
                       dss_word("Reactor.gq_star_" + without_class(c_.name)), at({numbers_of(bus_, at_).front()}),
                       at({free_node(bus_)}), 1 / (kHoldsStar * capacitance_));
  }

  const Bus& bus_;
  const Capacitor& c_;
  std::vector<std::size_t> at_;
  double omega_;       //!< [1/s]
  bool pair_ = false;  //!< one between two phases
  bool triangle_ = false;
  bool star_point_ = false;  //!< which is a node of its own
  double capacitance_ = 0;   //!< [S] of one phase in star, between two in delta
  double r_ = 0;             //!< [ohm] in series
};

//! With steps that a control can switch.
std::string dss_switched(const Network& net, const Capacitor& c, const CapacitorControl& control) {
  const std::vector<std::size_t> at = nodes_of(c);
  if (at.empty()) fail_input("'{}' is switched and draws nothing (cannot be exported)", c.name);
  if (alike_in_all_phases(c, at)) return EqualPhases(net, c, at).dss(control);
  if (has_resistance(c) || c.delta || control.step_size[0] > 0 || control.measure == CapacitorMeasure::power_factor)
    fail_input("'{}' is switched and not the same in all phases (cannot be exported)", c.name);
  return dss_matrix(net, c, at, fmt::format(" numsteps={}", control.steps));
}

}  // namespace

std::string dss_capacitor(const Network& net, const Capacitor& c) {
  for (const CapacitorControl& control : net.capacitor_controls)
    if (&net.capacitors[static_cast<std::size_t>(control.capacitor)] == &c) return dss_switched(net, c, control);
  const std::vector<std::size_t> at = nodes_of(c);
  if (at.empty()) return fmt::format("! {} is open\n", c.name);
  if (!has_resistance(c)) return dss_matrix(net, c, at, "");
  const Bus& bus = net.buses[c.bus.index()];
  std::vector<std::string> nodes;
  for (std::size_t n : at) nodes.push_back(with_nodes(bus.model_name(), {bus.phase[n]}));
  return fmt::format("! {}\n", c.name) + dss_reactors("Reactor.gq_capacitor_" + without_class(c.name), nodes,
                                                      with_nodes(bus.model_name(), {0}),
                                                      [&](std::size_t i, std::size_t j) { return c.y[at[i]][at[j]]; });
}

}  // namespace gridqueue

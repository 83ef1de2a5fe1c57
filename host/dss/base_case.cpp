#include "host/dss/base_case.hpp"

#include <cmath>
#include <map>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

class Day {
 public:
  Day(DssEngine& dss, const Network& net) : dss_(dss), net_(net), previous_(net.buses.size(), 0.0) {
    result_.vmin_pu = 1e9;
    const auto names = dss.node_names();
    for (std::size_t i = 0; i < names.size(); ++i) row_[names[i]] = i;
  }

  void step(std::size_t k) {
    const auto v = dss_.node_voltages();
    for (std::size_t i = 0; i < net_.buses.size(); ++i) bus(i, k, v);
    for (const Bus& b : net_.buses)
      if (b.branch.kind != BranchKind::source && b.branch.emergency_amps > 0) loading(b.branch);
    if (k == 0)
      for (const Regulator& r : net_.regulators)
        result_.taps_first_step.push_back(static_cast<int>(std::lround((dss_.number(r.name, "tap") - 1) / r.tap_step)));
  }
  [[nodiscard]] const BaseCase& result() const { return result_; }

 private:
  void bus(std::size_t i, std::size_t k, const std::vector<Complex>& v) {
    const Bus& b = net_.buses[i];
    double sum = 0;
    for (std::size_t n = 0; n < static_cast<std::size_t>(b.num_nodes); ++n) {
      const std::string node = fmt::format("{}.{}", b.name, b.phase[n]);
      const double pu = std::abs(v[row_.at(node)]) / (b.kv_base * 1e3);
      sum += pu;
      if (pu > result_.vmax_pu) result_.vmax_pu = pu, result_.vmax_node = node;
      if (pu < result_.vmin_pu) result_.vmin_pu = pu, result_.vmin_node = node;
    }
    const double average = sum / b.num_nodes, change = 100 * std::abs(average - previous_[i]);
    if (k > 0 && change > result_.vdiff_pct) result_.vdiff_pct = change, result_.vdiff_bus = b.name;
    previous_[i] = average;
  }

  //! Largest current of terminal 1 over the phases (and, for a bank, over its transformers).
  void loading(const Branch& b) {
    if (b.units.empty()) element(b.name, b.emergency_amps);
    for (const TransformerUnit& unit : b.units) element("transformer." + unit.name, b.emergency_amps);
  }

  void element(const std::string& name, double rating) {
    dss_.select_element(name);
    const auto currents = dss_.currents();
    const auto nodes = dss_.element_nodes().front();
    double largest = 0;
    for (std::size_t c = 0; c < nodes.size(); ++c)
      if (nodes[c] > 0) largest = std::max(largest, std::abs(currents[c]));
    const double pct = 100 * largest / rating;
    if (pct > result_.emergency_pct) result_.emergency_pct = pct, result_.emergency_element = name;
  }

  DssEngine& dss_;
  const Network& net_;
  std::map<std::string, std::size_t> row_;
  std::vector<double> previous_;
  BaseCase result_;
};

}  // namespace

BaseCase solve_base_case(DssEngine& dss, const Network& net) {
  dss.command(fmt::format("set mode=daily controlmode=static number=1 stepsize={}s", net.step_s));
  Day day(dss, net);
  for (std::size_t k = 0; k < net.num_steps(); ++k) {
    dss.command("solve");
    if (!dss.converged()) fail_input("OpenDSS does not converge in step {} of the base case", k);
    day.step(k);
  }
  return day.result();
}

}  // namespace gridqueue

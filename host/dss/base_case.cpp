#include "host/dss/base_case.hpp"

#include <cmath>
#include <map>
#include <optional>

#include "gridqueue/contracts.hpp"
#include "gridqueue/unit_site.hpp"
#include "host/dss/controls.hpp"

namespace gridqueue {
namespace {

//! A rated element; OpenDSS finds it by its place much faster than by its name.
struct Rated {
  std::string name;
  std::size_t place = 0;
  double rating = 0;      //!< [A] emergency
  std::vector<int> node;  //!< of terminal 1's conductors
};

class BaseDays {
 public:
  BaseDays(const std::map<std::string, std::string>& switches, const Network& net)
      : switches_(switches), net_(net), previous_(net.buses.size(), 0.0) {
    result_.vmin_pu = 1e9;
  }

  void begin(DssEngine& dss) {
    dss_ = &dss;
    row_.clear();
    rated_.clear();
    std::map<std::string, std::size_t> row;
    const auto names = dss.node_names();
    for (std::size_t i = 0; i < names.size(); ++i) row[names[i]] = i;
    for (const Bus& b : net_.buses)
      for (std::size_t n = 0; n < static_cast<std::size_t>(b.num_nodes); ++n)
        row_.push_back(b.inner ? 0 : row.at(fmt::format("{}.{}", b.model_name(), b.phase[n])));
    std::map<std::string, std::size_t> place;
    for (const auto& name : dss.element_names()) place.emplace(name, place.size());
    for (const Bus& b : net_.buses)
      if (b.branch.kind != BranchKind::source) watch(b.branch, place);
  }

  void step(std::size_t k) {
    const auto v = dss_->node_voltages();
    auto row = row_.begin();
    for (std::size_t i = 0; i < net_.buses.size(); ++i) bus(i, k, v, row);
    for (const Rated& e : rated_) loading(e);
    for (const auto& [name, state] : switches_)
      if (dss_->property(name, "state") != state)
        fail_input(
            "'{}' opens or closes by step {} of the day (the network would change; disable it, or open for "
            "good what it switches)",
            name, k);
    if (k == 0)
      for (const Regulator& r : net_.regulators) result_.taps_first_step.push_back(tap_position(*dss_, r));
  }
  [[nodiscard]] const BaseCase& result() const { return result_; }

 private:
  void bus(std::size_t i, std::size_t k, const std::vector<Complex>& v, std::vector<std::size_t>::iterator& row) {
    const Bus& b = net_.buses[i];
    const auto nodes = static_cast<std::size_t>(b.num_nodes);
    if (b.inner) return void(row += static_cast<std::ptrdiff_t>(nodes));
    const unsigned neutrals = neutral_nodes(b);
    const bool between = judged_between_phases(b);
    double sum = 0;
    int phases = 0;
    for (std::size_t n = 0; n < nodes; ++n) {
      if (neutrals >> n & 1u) continue;
      const Complex here = v[row[static_cast<std::ptrdiff_t>(n)]],
                    next = v[row[static_cast<std::ptrdiff_t>((n + 1) % nodes)]];
      const double pu =
          (between && nodes > 1 ? std::abs(here - next) / std::sqrt(3.0) : std::abs(here)) / (b.kv_base * 1e3);
      const auto node = [&] { return fmt::format("{}.{}", b.name, b.phase[n]); };
      sum += pu, ++phases;
      if (pu > result_.vmax_pu) result_.vmax_pu = pu, result_.vmax_node = node();
      if (pu < result_.vmin_pu) result_.vmin_pu = pu, result_.vmin_node = node();
    }
    row += static_cast<std::ptrdiff_t>(nodes);
    const double average = sum / phases, change = 100 * std::abs(average - previous_[i]);
    if (!net_.starts_day(k) && change > result_.vdiff_pct) result_.vdiff_pct = change, result_.vdiff_bus = b.name;
    previous_[i] = average;
  }

  //! What a branch's ratings judge: itself, the transformers of a bank, elements side by side.
  void watch(const Branch& b, const std::map<std::string, std::size_t>& place) {
    const auto add = [&](const std::string& name, double rating) {
      if (rating <= 0) return;
      dss_->select_element(place.at(name));
      rated_.push_back({name, place.at(name), rating, dss_->element_nodes().front()});
    };
    if (b.units.empty()) add(b.name, b.emergency_amps);
    for (const TransformerUnit& unit : b.units) add("transformer." + unit.name, b.emergency_amps);
    for (const BranchElement& e : b.elements) add(e.name, e.emergency_amps);
  }

  //! Largest current of terminal 1 over the phases.
  void loading(const Rated& e) {
    dss_->select_element(e.place);
    const auto currents = dss_->currents();
    double largest = 0;
    for (std::size_t c = 0; c < e.node.size(); ++c)
      if (e.node[c] > 0) largest = std::max(largest, std::abs(currents[c]));
    const double pct = 100 * largest / e.rating;
    if (pct > result_.emergency_pct) result_.emergency_pct = pct, result_.emergency_element = e.name;
  }

  DssEngine* dss_ = nullptr;  //!< of the day at hand
  const std::map<std::string, std::string>& switches_;
  const Network& net_;
  std::vector<std::size_t> row_;  //!< of each node in OpenDSS's order
  std::vector<Rated> rated_;
  std::vector<double> previous_;
  BaseCase result_;
};

}  // namespace

BaseCase solve_base_case(DssEngine& first, const std::function<DssEngine()>& another, const DayChoice& choice,
                         const std::map<std::string, std::string>& switches, const Network& net,
                         const DssProgress& progress) {
  BaseDays days(switches, net);
  std::optional<DssEngine> fresh;
  for (std::size_t k = 0; k < net.num_steps(); ++k) {
    const auto day = k / static_cast<std::size_t>(choice.steps);
    if (net.starts_day(k) && day > 0) fresh.emplace(another());
    DssEngine& dss = fresh ? *fresh : first;
    if (net.starts_day(k)) start_day(dss, choice, "static", day), days.begin(dss);
    dss.command("solve");
    if (!dss.converged()) fail_input("OpenDSS does not converge in step {} of the base case", k);
    days.step(k);
    if (progress) progress("the base case", 0.5 * static_cast<double>(k + 1) / static_cast<double>(net.num_steps()));
  }
  return days.result();
}

}  // namespace gridqueue

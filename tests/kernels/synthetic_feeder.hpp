// Feeders of any size, made from a seed: a delta-wye substation, regulator banks one behind the other, laterals of one
// and two phases, capacitors, reclosers; and states on them.
#pragma once
#include <algorithm>
#include <random>

#include "gridqueue/evaluation.hpp"

namespace gridqueue {

class SyntheticFeeder {
 public:
  SyntheticFeeder(int buses, unsigned seed) : random_(seed) {
    net_.name = "synthetic";
    add_source_and_substation();
    for (int b = 2; b < buses; ++b) add_bus(b);
    set_impedances();
    for (std::size_t b = 0; b < net_.buses.size(); ++b) add_at(b);
    add_reclosers();
    add_steps();
    for (std::size_t b = 2; b < net_.buses.size(); ++b)
      if (net_.three_phase(BusId(b))) net_.candidate_buses.push_back(BusId(b));
    net_.validate();
  }
  [[nodiscard]] const Network& network() const { return net_; }

  //! Up to six units of up to 1.5 MW in all at random buses, random lines upgraded.
  StateBatch states(std::size_t count) {
    StateBatch batch;
    for (int k = 0; k < 3; ++k) {
      Upgrades lines;
      for (std::size_t b = 2; b < net_.buses.size(); ++b)
        if (net_.buses[b].branch.upgradable && uniform() < 0.2) lines.emplace_back(BusId(b));
      batch.upgrade_sets.push_back(lines);
    }
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t u = 0; u < i % 7 && !net_.candidate_buses.empty(); ++u)
        batch.add_der(net_.candidate_buses[static_cast<std::size_t>(uniform() *
                                                                    static_cast<double>(net_.candidate_buses.size()))],
                      250 * uniform());
      batch.finish_state(UpgradeSetId(i % 4));
    }
    return batch;
  }

 private:
  static constexpr double kKv = 7.2;
  double uniform() { return static_cast<double>(random_()) / 4294967296.0; }

  static Bus three_phase_bus(const std::string& name, BusId parent, double kv) {
    Bus bus;
    bus.name = name;
    bus.parent = parent;
    bus.num_nodes = 3;
    bus.phase = {1, 2, 3, 0};
    bus.kv_base = kv;
    return bus;
  }

  void add_source_and_substation() {
    Bus source = three_phase_bus("source", BusId(), 66.4);
    for (std::size_t n = 0; n < 3; ++n) {
      source.v_initial[n] = net_.source_voltage[n] =
          std::polar(66400.0 * 1.03, -2.0943951023931953 * static_cast<double>(n));
      source.branch.z[n][n] = {0.5, 3.0};
    }
    source.v_base = source.v_initial;
    net_.buses.push_back(source);
    Bus head = three_phase_bus("head", BusId(0), kKv);
    head.branch.kind = BranchKind::transformer;
    head.branch.name = "transformer.sub";
    head.branch.normal_amps = 60, head.branch.emergency_amps = 90;
    for (std::size_t n = 0; n < 3; ++n) {
      head.branch.z[n][n] = {0.02, 0.2};
      head.branch.a[n][n] = kKv / 66.4 / std::sqrt(3.0);
      head.branch.a[n][(n + 1) % 3] = -kKv / 66.4 / std::sqrt(3.0);
    }
    set_voltages(head);
    net_.buses.push_back(head);
  }

  //! Without load: V = A V_p.
  void set_voltages(Bus& b) const {
    const Bus& p = net_.buses[b.parent.index()];
    for (std::size_t n = 0; n < static_cast<std::size_t>(b.num_nodes); ++n) {
      b.v_initial[n] = 0;
      for (std::size_t m = 0; m < static_cast<std::size_t>(p.num_nodes); ++m)
        b.v_initial[n] += b.branch.kind == BranchKind::transformer ? b.branch.a[n][m] * p.v_initial[m]
                          : p.phase[m] == b.phase[n]               ? p.v_initial[m]
                                                                   : Complex(0);
    }
    b.v_base = b.v_initial;
  }

  //! Mostly a chain; else a branch off some bus above the last one. Every 23rd three-phase bus stands behind
  //! regulators.
  void add_bus(int index) {
    BusId parent(static_cast<std::size_t>(index) - 1);
    const auto three = [&] { return net_.buses[parent.index()].num_nodes == 3; };
    const bool main = index % 23 == 5 || (!three() && uniform() < 0.3);  // back to where there are three phases
    while (parent.index() > 1 && (main ? !three() : uniform() < 0.25)) parent = net_.buses[parent.index()].parent;
    const Bus& p = net_.buses[parent.index()];
    Bus b = three_phase_bus("bus_" + std::to_string(index), parent, kKv);
    b.num_nodes = p.num_nodes;
    b.phase = p.phase;
    if (!main && parent.index() + 1 != static_cast<std::size_t>(index) && uniform() < 0.7 && p.num_nodes > 1) {
      const auto gone = static_cast<std::ptrdiff_t>(uniform() * p.num_nodes);
      std::copy(p.phase.begin() + gone + 1, p.phase.end(), b.phase.begin() + gone);
      --b.num_nodes;
    }
    const bool regulated = b.num_nodes == 3 && index % 23 == 5;
    b.branch.kind = regulated ? BranchKind::regulator : BranchKind::line;
    b.branch.name = (regulated ? "transformer.reg" : "line.l") + std::to_string(index);
    b.branch.upgradable = !regulated;
    b.branch.length_ft = regulated ? 0 : 500;
    b.branch.terminal1_is_parent = uniform() < 0.5;
    if (uniform() < 0.8)
      b.branch.normal_amps = 60 + 300 * uniform(), b.branch.emergency_amps = 1.3 * b.branch.normal_amps;
    set_voltages(b);
    net_.buses.push_back(b);
    if (regulated) add_regulators(BusId(static_cast<std::size_t>(index)));
  }

  void add_regulators(BusId bus) {
    for (int n = 0; n < 3; ++n) {
      Regulator r;
      r.name = "transformer.reg" + std::to_string(bus.value) + "_" + std::to_string(n);
      r.bus = bus, r.node = n;
      r.vreg = 122 + 2 * uniform(), r.band = 2, r.pt_ratio = 60, r.kv_winding = kKv, r.tap_step = 0.00625;
      r.tap_min = -16, r.tap_max = 16, r.tap_initial = n;
      net_.regulators.push_back(r);
    }
  }

  //! About 1.5 ohm from the substation to the far end.
  void set_impedances() {
    int deepest = 1;
    for (std::size_t b = 0; b < net_.buses.size(); ++b) deepest = std::max(deepest, net_.depth(BusId(b)));
    for (std::size_t i = 2; i < net_.buses.size(); ++i) {
      Bus& b = net_.buses[i];
      const double ohm = 1.5 / deepest * (0.5 + uniform());
      for (std::size_t r = 0; r < static_cast<std::size_t>(b.num_nodes); ++r)
        for (std::size_t c = 0; c < static_cast<std::size_t>(b.num_nodes); ++c) {
          const bool line = b.branch.kind == BranchKind::line;
          b.branch.z[r][c] = r == c ? Complex(0.5, 1.0) * ohm : line ? Complex(0.1, 0.35) * ohm : Complex(0);
          b.branch.y_line[r][c] = line ? Complex(0, r == c ? 4e-6 : -1e-6) * ohm : Complex(0);
          b.branch.a[r][c] = r == c ? 1 : 0;
        }
    }
  }

  void add_at(std::size_t i) {
    Bus& b = net_.buses[i];
    const auto nodes = static_cast<std::size_t>(b.num_nodes);
    if (i > 1 && i % 17 == 3)
      for (std::size_t n = 0; n < nodes; ++n) b.y_shunt[n][n] = Complex(1e-5, 1e-3);
    if (i == 1)
      for (std::size_t n = 0; n < nodes; ++n)
        b.y_shunt[n][n] = Complex(2e-5, -1e-4), b.y_shunt[n][(n + 1) % nodes] = Complex(-1e-6, 2e-6);
    const double mean_kw = 3000.0 / static_cast<double>(net_.buses.size());
    for (std::size_t n = 0; n < nodes && i > 1; ++n)
      for (int k = 0; k < static_cast<int>(uniform() * 2.5); ++k) {
        Load load;
        load.name = "load." + b.name + "_" + std::to_string(n) + "_" + std::to_string(k);
        load.bus = BusId(i), load.node = static_cast<int>(n);
        load.kw = mean_kw * (0.5 + uniform()), load.kvar = 0.3 * load.kw, load.kv = kKv;
        net_.loads.push_back(load);
      }
  }

  void add_reclosers() {
    for (std::size_t i = 3; i < net_.buses.size() && net_.reclosers.size() < 3; i += 1 + net_.buses.size() / 5) {
      Recloser r;
      r.name = "recloser.r" + std::to_string(i);
      r.branch_child = BusId(i);
      r.at_parent = i % 2 == 1;
      r.bus = r.at_parent ? net_.buses[i].parent : r.branch_child;
      if (net_.buses[i].branch.kind == BranchKind::line) net_.reclosers.push_back(r);
    }
  }

  void add_steps() {
    constexpr int kSteps = 24;
    std::vector<double>& load = net_.shapes.emplace_back().value;
    for (int k = 0; k < kSteps; ++k) {
      load.push_back(k % 4 == 0 ? 0.4 + 0.6 * uniform() : load.back());
      net_.source_multiplier.push_back(1);
      net_.pv_shape.push_back(k < 4 ? 0.0 : uniform());
    }
    net_.step_s = 86400.0 / kSteps;
  }

  std::mt19937 random_;
  Network net_;
};

}  // namespace gridqueue

// Units, responses, regulators and node voltages of a linearized model.
#include "host/linear/model_source.hpp"

namespace gridqueue {
namespace {

template <class Real>
class VoltageFiller {
 public:
  VoltageFiller(const ModelSource& from, LinearModel<Real>& to)
      : from_(from), net_(from.net), feeder_(from.feeder), plan_(from.plan), out_(to) {}

  void run() {
    add_units();
    add_responses();
    add_regulators();
    add_nodes();
    choose_low_nodes();
    add_deviations();
  }

 private:
  static Real real(double x) { return static_cast<Real>(x); }

  void add_units() {
    for (BusId b : plan_.units) {
      out_.present.push_back(static_cast<std::int32_t>(out_.present.size()));
      out_.der.push_back(feeder_.der_row[b.index()]);
      out_.unit_node.push_back(3 * plan_.path_index[b.index()]);
      out_.unit_zone.push_back(from_.zone(b));
      for (int k = 0; k < 3; ++k)
        out_.reference.push_back(
            real(std::norm(from_.base[level_middle][static_cast<std::size_t>(feeder_.bus[b.index()].node + k)])));
    }
  }

  //! Calls f(first row, rows) for every block: a unit's rows, and kRowBlock of the others.
  template <class F>
  void each_block(const F& f) const {
    const int units = plan_.unit_row + kUnitRows * static_cast<int>(plan_.units.size());
    for (int row = plan_.unit_row; row < units; row += kUnitRows) f(row, kUnitRows);
    if (units < plan_.regulator_row) f(units, plan_.regulator_row - units);
    for (int row = plan_.regulator_row; row < plan_.rows; row += kRowBlock) f(row, kRowBlock);
  }
  //! A block's coefficients value(row, column), column by column.
  template <class F>
  static void add_block(std::vector<Real>& to, int row, int rows, int columns, const F& value) {
    for (int c = 0; c < columns; ++c)
      for (int k = 0; k < rows; ++k) to.push_back(real(value(row + k, c)));
  }

  void add_responses() {
    for (int level = 0; level < num_levels; ++level) {
      each_block([&](int row, int rows) {
        add_block(out_.response, row, rows, from_.columns, [&](int r, int c) { return from_.phase_sum(level, r, c); });
      });
      if (from_.taps > 0)
        add_block(out_.phase_response, plan_.controlled_row, kRowBlock, from_.phase_columns,
                  [&](int r, int c) { return from_.response(level, r, c); });
      for (int row = 0; row < plan_.rows; ++row) {
        const bool branch = row >= plan_.branch_row && row < plan_.flow_row;  // these are what is added
        out_.base.push_back(branch ? Real(0) : real(from_.value(level, row)));
      }
    }
    each_block([&](int row, int rows) {
      add_block(out_.tap_response, row, rows, from_.taps,
                [&](int r, int c) { return from_.response(level_middle, r, from_.phase_columns + c); });
    });
  }

  void add_regulators() {
    const std::size_t count = net_.regulators.size();
    for (std::size_t r = 0; r < count; ++r) {
      const int row = plan_.controlled_row + kControlledRows * static_cast<int>(r);
      const auto controlled = [&](int level) { return std::abs(from_.phasor(level, row)); };
      out_.controlled.push_back(rounded<Real>(from_.curve_of(controlled)));
      for (std::size_t q = 0; q < count; ++q)
        out_.coupling.push_back(rounded<Real>(from_.slope_of([&](int level) {
          return from_.row_slope(level, row, q) - (q == r ? controlled(level) / from_.ratio[r] : 0);
        })));
      out_.ratio.push_back(real(from_.ratio[r]));
      out_.z.push_back(real(from_.impedance(r).real()));
      out_.z.push_back(real(from_.impedance(r).imag()));
    }
  }

  void add_nodes() {
    const auto magnitude = [&](int level, int node) { return from_.magnitude(level, node); };
    for (std::size_t b = 0; b < plan_.path.size(); ++b)
      for (int k = 0; k < 3; ++k) {
        const int n = feeder_.bus[plan_.path[b].index()].node + k;
        LinearNode<Real> node;
        node.base = rounded<Real>(from_.curve_of([&](int level) { return magnitude(level, n); }));
        node.low_node = node.high_node = n;
        for (int hanging : hanging_nodes(plan_.path[b], k)) {
          if (magnitude(level_high, hanging) < magnitude(level_high, node.low_node)) node.low_node = hanging;
          if (magnitude(level_low, hanging) > magnitude(level_low, node.high_node)) node.high_node = hanging;
        }
        node.low = rounded<Real>(
            from_.curve_of([&](int level) { return magnitude(level, node.low_node) - magnitude(level, n); }));
        node.high = rounded<Real>(
            from_.curve_of([&](int level) { return magnitude(level, node.high_node) - magnitude(level, n); }));
        for (std::size_t r = 0; r < kBank; ++r)
          node.taps[r] = r < net_.regulators.size()
                             ? rounded<Real>(from_.tap_slope(plan_.node_row + static_cast<int>(3 * b) + k, r))
                             : TapSlope<Real>{0, 0};
        out_.node.push_back(node);
      }
  }

  //! Nodes of phase k + 1 off the way that hang on a bus.
  [[nodiscard]] std::vector<int> hanging_nodes(BusId bus, int k) const {
    std::vector<int> nodes;
    for (std::size_t i = 0; i < net_.buses.size(); ++i)
      for (int n = 0; n < net_.buses[i].num_nodes; ++n)
        if (plan_.attach[i] == bus && BusId(i) != bus && from_.phase(BusId(i), n) == k)
          nodes.push_back(feeder_.bus[i].node + n);
    return nodes;
  }

  //! The nodes lowest at the highest load, one ahead of and one behind the regulators.
  void choose_low_nodes() {
    for (std::int32_t& n : out_.shape.low_node) n = -1;
    const auto lowest = [&](std::size_t n) { return from_.magnitude(level_high, out_.node[n].low_node); };
    for (std::size_t n = 0; n < out_.node.size(); ++n) {
      std::int32_t& best = out_.shape.low_node[from_.zone(plan_.path[n / 3])];
      if (best < 0 || lowest(n) < lowest(static_cast<std::size_t>(best))) best = static_cast<std::int32_t>(n);
    }
  }

  //! How phases of a bus differ: in their own currents' effect, and in turning.
  void add_deviations() {
    const int nodes = static_cast<int>(out_.node.size()), units = static_cast<int>(plan_.units.size());
    const auto over_third = [&](int n, int c) {
      const int unit = kPhaseColumns * (c / kDeviationColumns), k = c % kDeviationColumns;
      const auto response = [&](int phase_part) {
        return from_.response(level_middle, plan_.node_row + n, unit + phase_part);
      };
      return response(k) - response(4 + k % 2);
    };
    const auto turn = [&](int n, int c) {
      return from_.phase_sum(level_middle, plan_.turn_row + n, c) -
             from_.phase_sum(level_middle, plan_.tau_row + n / 3, c);
    };
    const auto padded = [nodes](const auto& value) {
      return [nodes, &value](int n, int c) { return n < nodes ? value(n, c) : 0.0; };
    };
    for (int first = 0; first < nodes; first += kRowBlock) {
      add_block(out_.deviation_response, first, kRowBlock, kDeviationColumns * units, padded(over_third));
      add_block(out_.turn_response, first, kRowBlock, from_.columns, padded(turn));
    }
    for (int level = 0; level < num_levels; ++level)
      for (int n = 0; n < nodes + kRowBlock; ++n)
        out_.turn_base.push_back(
            n < nodes ? real(from_.value(level, plan_.turn_row + n) - from_.value(level, plan_.tau_row + n / 3))
                      : Real(0));
  }

  const ModelSource& from_;
  const Network& net_;
  const CompiledFeeder<double>& feeder_;
  const LinearPlan& plan_;
  LinearModel<Real>& out_;
};

}  // namespace

template <class Real>
void fill_voltages(const ModelSource& from, LinearModel<Real>& to) {
  VoltageFiller<Real>(from, to).run();
}
template void fill_voltages(const ModelSource&, LinearModel<float>&);
template void fill_voltages(const ModelSource&, LinearModel<double>&);

}  // namespace gridqueue

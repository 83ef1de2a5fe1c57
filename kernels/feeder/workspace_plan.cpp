// Which rows of a workspace hold what.
#include "kernels/feeder/compiled_feeder.hpp"

namespace gridqueue {

WorkspacePlan plan_workspace(const WorkspaceSizes& s) {
  WorkspacePlan p{};
  std::int32_t row = 0;
  const auto take = [&row](int rows) {
    const std::int32_t first = row;
    row += rows;
    return first;
  };
  p.scale = take(s.lines);
  p.der = take(s.ders);
  p.part = take(s.parts);
  p.voltage = take(2 * s.nodes);
  p.current = take(2 * s.nodes + s.series_rows);
  p.side = take(s.side_rows);
  p.held = take(s.held_rows);
  p.held_next = take(s.held_rows);
  p.previous = take(s.monitors);
  p.tap = take(s.regulators);
  p.capacitor = take(s.capacitors);
  p.opened = take(s.capacitors);
  p.wanted = take(s.regulators + s.capacitors);
  p.due = take(s.regulators + s.capacitors);
  p.turned = take(s.reversible ? s.regulators : 0);
  p.turns = take(s.reversible ? s.regulators : 0);
  p.worst = take(s.days > 1 ? s.rated : 0);
  p.first_output = row;
  p.flow = take(kFlowRows * s.areas);
  p.high = take(s.places);
  p.low = take(s.places);
  p.change = take(s.monitors);
  p.overload = take(s.rated);
  p.hours = take(s.rated);
  const auto take_extreme = [&](int of) { return take(of > 0 ? num_extreme_rows + of : 0); };
  p.low_voltage = take(s.low_voltage ? num_low_voltage_rows : 0);
  p.unbalance = take_extreme(s.three_phase);
  p.reverse = take_extreme(s.power_meters);
  p.scalar = take(num_scalars);
  p.rows = row;
  return p;
}

}  // namespace gridqueue

// Which rows of a workspace hold what.
#include "kernels/feeder/compiled_feeder.hpp"

namespace gridqueue {

WorkspacePlan plan_workspace(int lines, int ders, int nodes, int side_rows, int monitors, int regulators,
                             int capacitors, int areas, int rated, int places) {
  WorkspacePlan p{};
  std::int32_t row = 0;
  const auto take = [&row](int rows) {
    const std::int32_t first = row;
    row += rows;
    return first;
  };
  p.scale = take(lines);
  p.der = take(ders);
  p.voltage = take(2 * nodes);
  p.current = take(2 * nodes);
  p.side = take(side_rows);
  p.previous = take(monitors);
  p.tap = take(regulators);
  p.capacitor = take(capacitors);
  p.opened = take(capacitors);
  p.wanted = take(regulators + capacitors);
  p.due = take(regulators + capacitors);
  p.first_output = row;
  p.flow = take(kFlowRows * areas);
  p.high = take(places);
  p.low = take(places);
  p.change = take(monitors);
  p.overload = take(rated);
  p.hours = take(rated);
  p.scalar = take(num_scalars);
  p.rows = row;
  return p;
}

}  // namespace gridqueue

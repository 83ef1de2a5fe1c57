// A branch is left out of a linearized day where a bound says that its loading is not the largest: the bound must hold.
#include <gtest/gtest.h>

#include "../kernels/support.hpp"
#include "host/linear/linear_model.hpp"
#include "kernels/lane/cpu_workspace.hpp"
#include "kernels/linear/linear_io.hpp"

namespace gridqueue {
namespace {

TEST(LoadingBound, IsNeverBelowAndSeldomFarAboveTheLargest) {
  const EvaluatorOptions options = radial_options(Backend::cpu, Precision::dual);
  const auto feeder = compile_feeder<double>(radial(), options);
  const StateBatch states = some_states(60);
  const LinearAssembler assembler(radial(), feeder, options.upgrade_factor,
                                  make_linear_plan(radial(), feeder, states.der_site));
  const auto points =
      base_points(feeder, radial(), options.upgrade_factor, states.upgrade_sets, assembler.plan().levels);
  const auto solver = make_cpu_response_solver();
  std::size_t near = 0, all = 0;
  for (std::size_t i = 0; i < states.size(); ++i) {
    const std::size_t set = states.upgrade_set[i].index();
    const auto model =
        assembler.model<double>(states.upgrade_sets[set], points[set],
                                solver->responses(assembler.systems(states.upgrade_sets[set], points[set])));
    LinearIo<double> io(feeder, radial(), {options.limits, {}, nullptr});
    io.plan(model);
    std::vector<double> column(static_cast<std::size_t>(io.rows().rows), 0.0);
    io.add_units(states, i, [&](std::int32_t row, double x) { column[static_cast<std::size_t>(row)] += x; });
    FeederView<double> view = feeder.view();
    view.plan = io.rows().work;
    const DenseColumn<double> rows{column.data()}, scratch = rows.from(io.rows().first_scratch);
    const LinearView<double> linear = model.view();
    linear_day_in_rows<double>(view, linear, io.rows(), io.margins(), rows);
    const LinearState<double, double, DenseColumn<double>> d{view, linear, rows, scratch, io.rows().scratch};
    const double most = most_moved(d);
    for (std::int32_t b = 0; b < linear.branches; ++b) {
      double largest = 0;
      for (std::int32_t c = 0; c < linear.corners; ++c)
        largest =
            std::max(largest, branch_loading(d, b, run_point(d, linear.corner[c]), run_moves(d, linear.corner[c])));
      EXPECT_GE(loading_bound(d, b, most), largest) << "branch " << b << " of state " << i;
      near += loading_bound(d, b, most) < 2 * largest, ++all;
    }
  }
  EXPECT_GT(near, all / 2);
}

}  // namespace
}  // namespace gridqueue

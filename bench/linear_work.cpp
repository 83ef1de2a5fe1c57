// What a linearized evaluation costs, counted as bench/work.cpp counts an AC one.
#include <algorithm>

#include "bench/cases.hpp"
#include "bench/counted_lane.hpp"
#include "bench/work.hpp"
#include "host/linear/linear_model.hpp"
#include "kernels/linear/linear_io.hpp"

namespace gridqueue::bench {
namespace {

constexpr std::size_t kCounted = 64;  // states

template <class Real>
LinearWork count(bool screened) {
  EvaluatorOptions options;
  options.monitors = monitor_set(radial(), "all");
  const auto exact = compile_feeder<double>(radial(), options);
  const auto feeder = compile_feeder<Real>(radial(), options);
  const StateBatch batch = states(fifteen_units(), kCounted);
  const LinearAssembler assembler(radial(), exact, options.upgrade_factor,
                                  make_linear_plan(radial(), exact, batch.der_site));
  const auto points = base_points(exact, radial(), options.upgrade_factor, batch.upgrade_sets, assembler.plan().levels);
  const auto solver = make_cpu_response_solver();
  std::vector<LinearModel<Real>> models;
  for (std::size_t s = 0; s < points.size(); ++s)
    models.push_back(assembler.model<Real>(batch.upgrade_sets[s], points[s],
                                           solver->responses(assembler.systems(batch.upgrade_sets[s], points[s]))));
  const ScreeningMargins margins;
  LinearIo<Real> io(feeder, radial(), {options.limits, Thresholds(options.limits), screened ? &margins : nullptr});
  io.plan(models.front());
  FeederView<Real> view = feeder.view();
  view.plan = io.rows().work;
  std::vector<Counted<Real>> column(static_cast<std::size_t>(io.rows().rows));
  tally() = {};
  for (std::size_t i = 0; i < kCounted; ++i) {
    std::fill_n(column.begin(), io.rows().inputs, Counted<Real>(Real(0)));
    io.add_units(batch, i, [&](std::int32_t row, Real x) { column[static_cast<std::size_t>(row)].x += x; });
    linear_day_in_rows<Counted<Real>>(view, models[batch.upgrade_set[i].index()].view(), io.rows(), io.margins(),
                                      CountedRows<Real>{column.data()});
  }
  LinearWork work;
  work.flops = tally().flops / kCounted;
  work.instructions = tally().instructions / kCounted;
  work.bytes = tally().rows * sizeof(Real) / kCounted;
  work.memory = static_cast<double>(io.rows().rows) * sizeof(Real);
  work.copied = static_cast<double>(io.rows().inputs + io.rows().rows - io.rows().first_output) * sizeof(Real);
  work.model = static_cast<double>(PackedModel<Real>::size(models.front()));
  return work;
}

}  // namespace

LinearWork count_linear_work(Precision precision, bool screened) {
  return precision == Precision::single ? count<float>(screened) : count<double>(screened);
}

}  // namespace gridqueue::bench

// Rows of one evaluation of the linearized feeder: inputs, scratch memory, outputs. Pure, the same for every launcher.
#pragma once
#include "kernels/linear/linear_view.hpp"

namespace gridqueue {

//! In this order: the model's number, DER power | taps, scratch memory | what a screening asks, the outputs of a day.
struct LinearRows {
  WorkspacePlan work;     //!< rows of FeederView::plan that a linearized day uses
  LinearScratch scratch;  //!< counted from first_scratch
  std::int32_t model;     //!< row of the model's number, where states of several models lie side by side
  std::int32_t first_scratch;
  std::int32_t inputs;        //!< rows [0, inputs)
  std::int32_t first_output;  //!< rows [first_output, rows)
  std::int32_t rows;
};

//! Outputs have the order that `feeder`.plan gives them. Models of one list of units have one plan. Without a screening
//! no rows are kept for the ranges of voltage changes.
template <class Real>
LinearRows plan_linear_rows(const FeederView<Real>& feeder, const LinearView<Real>& model, bool screened) {
  LinearRows r{};
  const WorkspacePlan& full = feeder.plan;
  const std::int32_t ders = full.voltage - full.der;
  r.model = 0;
  r.work.der = 1;
  r.inputs = r.work.voltage = r.work.der + ders;
  r.work.tap = r.inputs;
  r.first_scratch = r.work.tap + feeder.num_regulators;
  r.scratch = plan_linear_scratch(model.units, model.rows, model.nodes, model.means, model.branches, model.flows,
                                  feeder.num_steps, screened ? feeder.num_monitors : 0);
  r.first_output = r.first_scratch + r.scratch.low;
  const std::int32_t shift = r.first_scratch + r.scratch.rows - full.first_output;
  r.work.first_output = full.first_output + shift;
  r.work.flow = full.flow + shift, r.work.high = full.high + shift, r.work.low = full.low + shift;
  r.work.change = full.change + shift, r.work.overload = full.overload + shift;
  r.work.hours = full.hours + shift, r.work.scalar = full.scalar + shift;
  r.rows = r.work.rows = full.rows + shift;
  return r;
}

}  // namespace gridqueue

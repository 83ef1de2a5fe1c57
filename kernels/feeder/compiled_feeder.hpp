// Network -> the flat per-unit arrays of FeederView, built and validated once on the host.
#pragma once
#include <vector>

#include "gridqueue/evaluation.hpp"
#include "kernels/feeder/feeder_view.hpp"

namespace gridqueue {

template <class Real>
struct CompiledFeeder {
  std::vector<BusRecord> bus;
  std::vector<Real> coefficient;
  std::vector<InjectionRecord<Real>> injection;
  std::vector<RegulatorRecord<Real>> regulator;
  std::vector<CapacitorRecord<Real>> capacitor;
  std::vector<RatingRecord<Real>> rating;
  std::vector<RecloserRecord> recloser;
  std::vector<StepRecord<Real>> step;
  std::vector<Real> level, source, initial_voltage;
  FeederView<Real> shape{};  //!< the view's numbers; its pointers are null

  // host-side maps
  std::vector<BusId> monitor_bus;         //!< by monitor row
  std::vector<BusId> rated_bus;           //!< by rating row
  std::vector<int> line_row, der_row;     //!< by bus, -1 = none
  std::vector<std::int32_t> bus_of_node;  //!< by node

  //! View of the host arrays.
  [[nodiscard]] FeederView<Real> view() const;
};

//! What an evaluation keeps of a day.
enum class Keep {
  extremes,   //!< over all places
  places,     //!< and every node's and rated branch's own, for thresholds that differ by place
  base_case,  //!< and every bus's voltage change, monitored or not
};

inline Keep kept_for(const Thresholds& pass) { return pass.need_places() ? Keep::places : Keep::extremes; }

//! Throws Error(input) naming the element this engine cannot represent.
template <class Real>
CompiledFeeder<Real> compile_feeder(const Network& network, const EvaluatorOptions& options,
                                    Keep keep = Keep::extremes);

//! Rows of the workspace for a feeder of these sizes; a pure function. `places`: nodes whose extremes are kept.
WorkspacePlan plan_workspace(int lines, int ders, int nodes, int side_rows, int monitors, int regulators,
                             int capacitors, int areas, int rated, int places);

}  // namespace gridqueue

// Network -> the flat per-unit arrays of FeederView, built and validated once on the host.
#pragma once
#include <array>
#include <map>
#include <vector>

#include "gridqueue/evaluation.hpp"
#include "kernels/feeder/feeder_view.hpp"

namespace gridqueue {

//! Where the power of a unit goes, an equal share to each: rows counted from WorkspacePlan::der.
struct UnitRows {
  std::int32_t count = 0;
  std::array<std::int32_t, kPhases> row{};
};

//! What the line to a bus is of a series.
struct SeriesShare {
  std::int32_t row = -1;  //!< of the joined line's scale; -1 = none
  double share = 0;
};

template <class Real>
struct CompiledFeeder {
  std::vector<BusRecord> bus;
  std::vector<BusRecord> swept;  //!< empty where it is `bus`
  std::vector<SeriesRecord> series;
  std::vector<SeriesMember<Real>> member;
  std::vector<Real> coefficient;
  std::vector<InjectionRecord<Real>> injection;
  std::vector<RegulatorRecord<Real>> regulator;
  std::vector<CapacitorRecord<Real>> capacitor;
  std::vector<RatingRecord<Real>> rating;
  std::vector<RecloserRecord> recloser;
  std::vector<NodesRecord> three_phase, power_meter;
  std::vector<StepRecord<Real>> step;
  std::vector<Real> level, source, initial_voltage;
  FeederView<Real> shape{};  //!< the view's numbers; its pointers are null

  // host-side maps
  std::vector<BusId> monitor_bus;          //!< by monitor row
  std::vector<BusId> rated_bus;            //!< by rating row
  std::vector<int> line_row, der_row;      //!< by bus, -1 = none
  std::map<UnitSite, UnitRows> site_rows;  //!< of EvaluatorOptions::sites that are no whole three-phase buses
  std::vector<std::int32_t> bus_of_node;   //!< by node
  std::vector<SeriesShare> series_share;   //!< by bus; empty where there is no series

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

//! How many of each a workspace has rows for.
struct WorkspaceSizes {
  int lines = 0, ders = 0, parts = 0, nodes = 0, series_rows = 0, side_rows = 0, monitors = 0, regulators = 0,
      capacitors = 0, areas = 1, rated = 0, days = 1;
  int places = 0;  //!< nodes whose extremes are kept
  //! What only some feeders, and studies, have: buses below 1 kV, places of limits that are off by default.
  bool low_voltage = false;
  int three_phase = 0, power_meters = 0;
  int held_rows = 0;
  bool reversible = false;  //!< some regulator is
};
//! Rows of the workspace of a feeder; a pure function.
WorkspacePlan plan_workspace(const WorkspaceSizes& sizes);

}  // namespace gridqueue

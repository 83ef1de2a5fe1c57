// Single elements of a Network as the per-unit records of FeederView. Host only.
#pragma once
#include <optional>
#include <vector>

#include "gridqueue/network.hpp"
#include "kernels/feeder/feeder_view.hpp"

namespace gridqueue {

inline double base_volts(const Bus& b) { return b.kv_base * 1e3; }
inline double base_amps(const Bus& b) { return kBaseVa / base_volts(b); }

//! One admittance per node that draws what the n x n charging draws at the base case's phasors (4e-6 pu at most on
//! 11 of 13 feeders tried).
Complex effective_admittance(const Bus& b, const NodeMatrix& y, std::size_t row);

//! Of the branch to bus `i`; none where it is not rated.
template <class Real>
std::optional<RatingRecord<Real>> rating_record(const Network& network, std::size_t i);
template <class Real>
InjectionRecord<Real> load_record(const Bus& bus, const Load& load);
//! Of a phase of the bank at bus `i`; `node` is left to the caller. Throws Error(input) for a phase without a control.
template <class Real>
RegulatorRecord<Real> regulator_record(const Network& network, std::size_t i, int phase);
//! Area above recloser r: r' + 1 of the nearest recloser r' on the way to the source, else 0.
std::vector<RecloserRecord> recloser_records(const Network& network);
//! What every unit is: unity power factor, its power within the voltages of OpenDSS's PVSystem.
template <class Real>
InjectionRecord<Real> unit_record();

//! Runs of equal steps, and their multipliers.
template <class Real>
struct DayRecords {
  std::vector<StepRecord<Real>> step;
  std::vector<Real> level;  //!< [step][kShapes]
};
template <class Real>
DayRecords<Real> day_records(const Network& network);

}  // namespace gridqueue

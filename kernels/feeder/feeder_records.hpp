// Single elements of a Network as the per-unit records of FeederView. Host only.
#pragma once
#include <optional>
#include <vector>

#include "gridqueue/network.hpp"
#include "gridqueue/unit_site.hpp"
#include "kernels/feeder/feeder_view.hpp"

namespace gridqueue {

struct Series;

inline double base_volts(const Bus& b) { return b.kv_base * 1e3; }
inline double base_amps(const Bus& b) { return kBaseVa / base_volts(b); }

//! One admittance per node that draws what the n x n charging draws at the base case's phasors.
Complex effective_admittance(const Bus& b, const NodeMatrix& y, std::size_t row);

//! About how far voltages [pu] may be off without FeederView::exact_charging: what flows between phases that move apart
//! by 2 %, and what the parent's end draws less or more at the child's voltage, over the impedance of its way.
double simple_charging_error(const Network& network, const std::vector<Series>& series = {});

//! Coefficients of a line to this bus (BusRecord::coefficient): z [ohm], y [S] at either end. Returns the first one.
template <class Real>
std::int32_t add_line(const Bus& bus, const NodeMatrix& z, const NodeMatrix& y, std::vector<Real>& coefficient);

//! Largest drop [pu] on the way to a bus that loads of constant power make at their highest level, magnitudes added up;
//! of those within their band at the initial voltages. About how much of an error a sweep leaves.
double constant_power_drop(const Network& network);
//! Whether a current meets nearly the same impedance at all nodes of some bus, as where a neutral is grounded through a
//! large one, or loads of constant power stand where nothing is grounded. Loads there return by the neutral: currents
//! foreseen node by node would not, and drive all nodes away.
bool loosely_grounded(const Network& network);

//! Of an element of the branch to bus `i`, or of the branch as one; none where it is not rated. What its current is
//! made of goes to the end of `coefficient`.
template <class Real>
std::optional<RatingRecord<Real>> rating_record(const Network& network, std::size_t i, const BranchElement& element,
                                                const BusRecord& bus, std::vector<Real>& coefficient);
//! One record, or two where P and Q follow different laws or shapes. Polynomials go to the end of `coefficient`.
template <class Real>
std::vector<InjectionRecord<Real>> load_records(const Bus& bus, const Load& load, std::vector<Real>& coefficient);
//! Of a node of bus `i`, behind a bank of regulators or one that moves all nodes; none without a control. `first_node`:
//! of every bus.
template <class Real>
std::optional<RegulatorRecord<Real>> regulator_record(const Network& network, std::size_t i, int node,
                                                      const std::vector<std::int32_t>& first_node);
//! Its admittance goes to the end of `coefficient`.
template <class Real>
CapacitorRecord<Real> capacitor_record(const Network& network, const CapacitorControl& control,
                                       const std::vector<std::int32_t>& first_node, std::vector<Real>& coefficient);
//! Area above recloser r: r' + 1 of the nearest recloser r' on the way to the source, else 0.
std::vector<RecloserRecord> recloser_records(const Network& network);
//! Buses of the phases 1 to 3, where unbalance is judged. `first_node`: of every bus.
std::vector<NodesRecord> three_phase_records(const Network& network, const std::vector<std::int32_t>& first_node);
//! What reverse power flows through: the source, then each regulator; one that moves all phases with all of them.
std::vector<NodesRecord> power_meter_records(const Network& network, const std::vector<std::int32_t>& first_node);
//! What every unit is: unity power factor, its power within the voltages of OpenDSS's PVSystem.
template <class Real>
InjectionRecord<Real> unit_record();
//! A share of a unit, of 1 pu.
template <class Real>
InjectionRecord<Real> unit_part_record(const Bus& bus, const UnitPart& part);

//! Runs of equal steps, and their multipliers.
template <class Real>
struct DayRecords {
  std::vector<StepRecord<Real>> step;
  std::vector<Real> level;   //!< [step][1 + shapes of loads]
  std::vector<Real> source;  //!< [step][nodes of the source bus][re, im]
};
template <class Real>
DayRecords<Real> day_records(const Network& network);

}  // namespace gridqueue

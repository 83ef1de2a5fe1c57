// The feeder as a team sees it: lanes = buses, kTeamBuses consecutive buses of the depth-first order each.
//
// Every bus has a slot for each of the source's phases; a node stands in the slot of its parent's node that it is
// connected to, so that a line adds slot to slot. Slots without a node carry no current and the voltage of the bus
// above. A *zone* is what hangs together by lines; its root is the child bus of a source, transformer or regulator
// branch. Tables lie in tiles of a warp's lanes, [tile][field][bus of the lane][kWarp]: a warp reads neighbouring
// addresses, and all that is a lane's lies at constant distances from one address, which takes few registers.
#pragma once
#include "kernels/feeder/feeder_view.hpp"

namespace gridqueue {

constexpr int kTeamBuses = 4;
constexpr int kTeamSlots = kPhases;         //!< slots of a bus
constexpr int kTeamParts = 2 * kTeamSlots;  //!< numbers of a bus's current or voltage
constexpr int kWarp = 32;                   //!< lanes of a GPU's warp
//! Numbers of shared memory by which the warps of a block exchange, beside its scratch.
constexpr int kBlockExchange = kWarp * kTeamParts;

//! Fields of TeamView::number.
enum TeamNumber : std::int32_t {
  t_z = 0,          //!< upper triangle of Z [6][re, im]; 0 at zone roots
  t_charging = 12,  //!< [3][re, im]
  t_inverse_normal2 = 18,
  t_inverse_emergency2,
  t_inverse_watch2,
  t_charging_sign,
  t_share,     //!< 1 / number of nodes
  t_coupling,  //!< charging between slots 0 and 1, 0 and 2, 1 and 2 [3][re, im], where it couples phases
  num_team_numbers = t_coupling + 6
};
constexpr std::int32_t kExtrema = 9;  //!< numbers of Extrema
constexpr std::int32_t kShuntFields = 2 * kTeamSlots * kTeamSlots;

//! Fields of TeamView::index; -1 = none.
enum TeamIndex : std::int32_t {
  t_last,     //!< last bus of the subtree
  t_subtree,  //!< where its prefix sum stands
  t_enter,
  t_leave,   //!< where on the tour the bus's voltage drop is added and taken back; leaves are not on it
  t_before,  //!< where on the tour the drops from the zone's root to the parent add up
  t_zone,
  t_injections,  //!< how many
  t_shunt,       //!< of TeamView::shunt
  t_present,     //!< bit per slot
  t_node,        //!< first node
  t_line,
  t_der,  //!< input rows
  t_monitor,
  t_always,
  t_rated,
  num_team_indices
};

//! A zone; zones stand in depth-first order of their roots, zone 0 is the source's.
struct ZoneRecord {
  std::int32_t root, parent;      //!< buses; parent -1 at the source
  std::int32_t above;             //!< the parent's zone
  std::int32_t slot[kTeamSlots];  //!< of each of the root's nodes
};

//! Where row `row` of so many stands, of a lane's in tiles.
GQ_HD constexpr std::int32_t tiled(std::int32_t rows, std::int32_t row, std::int32_t lane) {
  return (lane / kWarp * rows + row) * kWarp + lane % kWarp;
}

template <class Real>
struct TeamView {
  std::int32_t size;  //!< lanes
  std::int32_t tour;  //!< positions of the tour per lane
  std::int32_t num_zones;
  std::int32_t most_injections;            //!< of a bus
  std::int32_t unit;                       //!< the unit's record among the injections
  const Real* number;                      //!< [num_team_numbers]
  const std::int32_t* index;               //!< [num_team_indices]
  const InjectionRecord<Real>* injection;  //!< [most_injections], shares by slot; then the unit's
  const Real* shunt;                       //!< [kShuntFields] each
  const ZoneRecord* zone;
  const std::int32_t* parent_of_recloser;  //!< parent bus of the branch each recloser watches
  const Real* initial_voltage;             //!< [kTeamParts]

  //! Where a table of so many fields has one.
  GQ_HD static constexpr std::int32_t at(std::int32_t fields, std::int32_t field, std::int32_t bus, std::int32_t lane) {
    return tiled(fields * kTeamBuses, field * kTeamBuses + bus, lane);
  }
  //! Numbers of the prefix sums that a lane adds up, and where the first part of its i-th stands.
  GQ_HD std::int32_t depth() const { return tour > kTeamBuses ? tour : kTeamBuses; }
  GQ_HD std::int32_t place(std::int32_t i, std::int32_t lane) const {
    return tiled(depth() * kTeamParts, i * kTeamParts, lane);
  }
};

//! Numbers a team shares; a pure plan.
struct TeamScratch {
  std::int32_t sums;         //!< [tile][depth][6][kWarp] prefix sums, one after the other on the way up and down
  std::int32_t base;         //!< [zones + 1][6] voltage of a zone's root; 1 pu for what lies beyond the last bus
  std::int32_t above;        //!< [zones][6] of the parent of a zone's root
  std::int32_t change;       //!< [6] what a branch that is no line adds to the currents above it
  std::int32_t watch;        //!< [reclosers][voltage, current][6]
  std::int32_t extrema;      //!< [tile][kExtrema][kWarp] of each lane
  std::int32_t low_voltage;  //!< [tile][num_low_voltage_rows][kWarp], where there are such buses
  std::int32_t rows;         //!< rows [plan.previous, plan.rows) of the workspace
  std::int32_t size;
};
TeamScratch plan_team_scratch(const WorkspacePlan& plan, std::int32_t lanes, std::int32_t tour, std::int32_t zones,
                              std::int32_t reclosers);

//! Rows [first, ...) of a workspace.
template <class Lane>
struct RowsFrom {
  Lane* data;  //!< of row `first`
  std::int32_t first;
  GQ_HD Lane& operator[](std::int32_t row) const { return data[row - first]; }
  GQ_HD RowsFrom from(std::int32_t row) const { return {data + (row - first), 0}; }
};

}  // namespace gridqueue

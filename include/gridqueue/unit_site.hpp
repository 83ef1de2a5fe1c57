// Where a unit stands, and how it is connected there.
#pragma once
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "gridqueue/network.hpp"

namespace gridqueue {

//! Phases of a bus, and the neutral that a unit stands to; two sites of one bus are different places.
struct UnitSite {
  BusId bus;
  std::uint8_t phases = 0;  //!< bit p - 1 = node p of the bus (1 to 4); 0 = all its phases, to ground

  UnitSite() = default;
  UnitSite(BusId at, std::uint8_t some = 0) : bus(at), phases(some) {}  // NOLINT: a bus is a site
  friend constexpr auto operator<=>(const UnitSite&, const UnitSite&) = default;
};

//! A delta of three phases grounded at the middle of a winding or at a corner: between phases the base case is nominal,
//! to ground it is not (of a high leg sqrt(3) times as much as of the others).
bool grounded_delta(const Bus& bus);
//! Where voltages to ground say nothing: a floating bus, or a grounded delta.
bool judged_between_phases(const Bus& bus);
//! The base case is so far from the voltage base that this must be wrong.
bool far_from_base(const Bus& bus);

//! What of a bus's nodes 1 to 3 is a phase, as bits: a node at ground's potential in the base case is none.
std::uint8_t bus_phases(const Bus& bus);
//! Positions of the nodes that are none, as bits: their voltages are not judged. 0 where the bus has no
//! phase or no path to ground.
std::uint8_t neutral_nodes(const Bus& bus);

//! The site that `text` names as OpenDSS would: BUS, BUS.1, BUS.1.2, and to a neutral that is node 4 BUS.1.4. A bus of
//! exactly that name comes first, then the one with the longest name. Throws Error(input) for an unknown bus, for what
//! is no phase of it or stands twice, and where no unit can stand.
UnitSite find_site(const Network& network, const std::string& text);
//! As find_site reads it.
std::string site_name(const std::string& bus, std::uint8_t phases);
std::string site_name(const Network& network, UnitSite site);

//! A share of a unit: between two nodes of its bus, or a node and ground.
struct UnitPart {
  int node = 0;      //!< position within the bus, 0-based
  int to_node = -1;  //!< of the other end; -1 = ground
  double kv = 0;     //!< [kV] nominal, between its two ends
  friend constexpr auto operator<=>(const UnitPart&, const UnitPart&) = default;
};
//! Equal shares: one per phase to ground, or to the neutral of the site; between two phases that are opposite (the legs
//! of a centre tap), one from leg to leg; where voltages are judged between phases one between each two. Throws
//! Error(input) where no unit can stand, and where the base case is so far from the voltage base that this must be
//! wrong, and with it the unit's nominal voltage.
std::vector<UnitPart> unit_parts(const Network& network, UnitSite site);

//! Warns of sites where the base case is outside of a unit's band, so that a unit is an impedance from the start.
void warn_of_bands(const Network& network, const std::vector<UnitSite>& sites);

//! A third from each of the phases 1, 2, 3 to ground, and the bus has no other node.
bool three_phase_site(const Network& network, UnitSite site);

//! Places that studies of hosting capacity look at.
enum class SiteKind {
  three_phase,   //!< Network::candidate_buses
  single_phase,  //!< each phase of the buses of medium voltage with one or two phases
  secondary,     //!< the buses below 1 kV, all phases of each
  any,           //!< all of these
};
//! In bus order (three_phase: of Network::candidate_buses), also where voltage bases are wrong.
std::vector<UnitSite> sites_of_kind(const Network& network, SiteKind kind);
//! Those at which a unit can stand, and in words what is left out and why; "" where nothing is.
std::vector<UnitSite> where_units_stand(const Network& network, std::vector<UnitSite> sites, std::string& left_out);

}  // namespace gridqueue

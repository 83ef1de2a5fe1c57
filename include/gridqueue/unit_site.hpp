// Where a unit stands, and how it is connected there.
#pragma once
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "gridqueue/network.hpp"

namespace gridqueue {

//! Phases of a bus; two sites of one bus are different places.
struct UnitSite {
  BusId bus;
  std::uint8_t phases = 0;  //!< bit p - 1 = node p of the bus (1 to 3); 0 = all its phases

  UnitSite() = default;
  UnitSite(BusId at, std::uint8_t some = 0) : bus(at), phases(some) {}  // NOLINT: a bus is a site
  friend constexpr auto operator<=>(const UnitSite&, const UnitSite&) = default;
};

//! What of a bus's nodes 1 to 3 is a phase, as bits: a node at ground's potential in the base case is none.
std::uint8_t bus_phases(const Bus& bus);
//! Positions of the nodes that are none, as bits: their voltages are not judged. 0 where the bus has no
//! phase or no path to ground.
std::uint8_t neutral_nodes(const Bus& bus);

//! The site that `text` names as OpenDSS would: BUS, BUS.1, BUS.1.2. A bus of exactly that name comes first, then the
//! one with the longest name. Throws Error(input) for an unknown bus, for what is no phase of it or stands twice, and
//! where no unit can stand.
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
//! Equal shares: one per phase to ground; between two phases that are opposite (the legs of a centre tap), one from leg
//! to leg; behind an ungrounded winding one between each two phases. Throws Error(input) where no unit can stand, and
//! where the base case is so far from the voltage base that this must be wrong, and with it the unit's nominal voltage.
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
};
//! In bus order (three_phase: of Network::candidate_buses), also where voltage bases are wrong.
std::vector<UnitSite> sites_of_kind(const Network& network, SiteKind kind);

}  // namespace gridqueue

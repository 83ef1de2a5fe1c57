// What flows into one terminal of an element of a branch.
#pragma once
#include "host/dss/reader.hpp"

namespace gridqueue {

//! Into the ungrounded conductors at that end (0 or 1) of the element, all of one terminal, by the branch's Z and A.
TerminalCurrent terminal_current(const DssBranch& element, std::size_t end, const Bus& child, const Bus& parent);

//! A rated element as its branch judges it, at the taps of the moment.
BranchElement rated_element(const DssBranch& element, const Bus& child, const Bus& parent);
//! `y` [conductor][n_parent], or 0 where at the snapshot's voltages it draws no more than kLeastNoLoad of the rating.
NodeMatrix counted_no_load(const NodeMatrix& y, double normal_amps, const Bus& parent);

//! Makes of what flows into a terminal of a tap changer as it stands what flows there at any tap. That hangs on its own
//! tap alone (tap_terms.hpp): at the parent with the tap's factor, at the child, where all of it is J, not at all.
//! `own`: the terminal's block of its admittance. Returns why it cannot, "" where it can.
std::string follow_tap(const Regulator& regulator, const MatrixC& own, bool at_parent, TerminalCurrent& current);

}  // namespace gridqueue

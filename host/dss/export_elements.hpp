// Single elements of an exported model as lines of OpenDSS's language.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "gridqueue/unit_site.hpp"

namespace gridqueue {

std::string dss_source(const Network& network);
bool source_varies(const Network& network);
//! Its voltage where its multiplier is 1.
double source_pu(const Network& network);
std::string dss_source_day();  //!< where the source varies: it follows the shape gq_source
//! `factor` = 1 for a line as it is; see DssState::factor.
std::string dss_line(const Network& network, const Bus& child, double factor);
std::string dss_transformers(const Network& network, const Bus& child);
std::string dss_regulator_control(const Regulator& regulator);
//! A line as a line, by its own name or, where that is there already (`again`), by `number`, too; others as
//! single-phase reactors between their nodes, and from them to ground, named by `number`, or as one of three phases.
std::string dss_fixed_element(const Network& network, const FixedElement& element, std::size_t number, bool again);
//! What an admittance does between nodes, and from them to `ground`, where it is the same from either end: reactors of
//! one phase, called `name` and a number.
std::string dss_reactors(const std::string& name, const std::vector<std::string>& nodes, const std::string& ground,
                         const std::function<Complex(std::size_t, std::size_t)>& y);
//! One that is not switched by its capacitances or, with a resistance, as reactors.
std::string dss_capacitor(const Network& network, const Capacitor& capacitor);
//! After capacitors and what it measures.
std::string dss_capacitor_control(const Network& network, const CapacitorControl& control);
//! A phase as a load of its own, number `part` of those of its name.
std::string dss_load(const Network& network, const Load& load, int part);
std::string dss_load_shape(const Load& load);  //!< name of the shape that it follows
//! Constant power, pf 1, no losses, no cut-in; kVA = kW / 0.8, as i2x sizes its inverters. In wye where it has a share
//! for each phase (unit_parts), else between two phases, or in delta.
std::string dss_pv(const Network& network, UnitSite site, double kw, std::size_t number);

}  // namespace gridqueue

// Single elements of an exported model as lines of OpenDSS's language.
#pragma once
#include <string>
#include <vector>

#include "gridqueue/network.hpp"

namespace gridqueue {

std::string dss_source(const Network& network);
//! `factor` = 1 for a line as it is; see DssState::factor.
std::string dss_line(const Network& network, const Bus& child, double factor);
std::string dss_transformers(const Network& network, const Bus& child);
std::string dss_regulator_control(const Regulator& regulator);
std::string dss_capacitor(const Network& network, const Capacitor& capacitor);
//! One OpenDSS load: `parts` are its nodes' shares, all of one name.
std::string dss_load(const Network& network, const std::vector<Load>& parts);
//! Constant power, pf 1, no losses, no cut-in; kVA = kW / 0.8, as i2x sizes its inverters.
std::string dss_pv(const Network& network, BusId bus, double kw, std::size_t number);

}  // namespace gridqueue

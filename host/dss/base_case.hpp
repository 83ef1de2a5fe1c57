// OpenDSS's own day of the model as it stands.
#pragma once
#include <map>

#include "gridqueue/network.hpp"
#include "host/dss/day_choice.hpp"

namespace gridqueue {

//! Solves the day step by step in the compiled circuit (which is left at its end). Throws Error(input) where one of
//! `switches` leaves its state: the network would be another one from there on.
BaseCase solve_base_case(DssEngine& dss, const DayChoice& day, const std::map<std::string, std::string>& switches,
                         const Network& network);

}  // namespace gridqueue

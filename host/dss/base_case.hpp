// OpenDSS's own day of the model as it stands.
#pragma once
#include <functional>
#include <map>

#include "gridqueue/network.hpp"
#include "host/dss/day_choice.hpp"

namespace gridqueue {

//! Solves the days step by step: the first in the compiled circuit (which is left at its end), each further one in
//! `another`, compiled anew, so that all start where the snapshot ends. Throws Error(input) where one of `switches`
//! leaves its state: the network would be another one from there on.
BaseCase solve_base_case(DssEngine& first, const std::function<DssEngine()>& another, const DayChoice& days,
                         const std::map<std::string, std::string>& switches, const Network& network,
                         const DssProgress& progress = {});

}  // namespace gridqueue

// What a feeder's check against OpenDSS has found, for whoever uses the feeder.
#pragma once
#include <string>

#include "gridqueue/network.hpp"

namespace gridqueue {

constexpr double kToldPu = 5e-5;  //!< voltages that differ by more are told; in float a day is off by 2e-5 at most

//! Where its days are not OpenDSS's; "" where they are, or were not compared.
std::string difference_remark(const Network& network);
//! The same, as a warning.
void warn_of_difference(const Network& network);

}  // namespace gridqueue

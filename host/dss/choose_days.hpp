// The days of a year that decide what a feeder can host.
#pragma once
#include "host/dss/import.hpp"

namespace gridqueue {

struct ChosenDay {
  double start_hour = 0;  //!< [h] midnight
  std::string why;
};

//! From a year of hours as OpenDSS has it, loads less generators at nominal voltage (measure_total), and the sun: the
//! days of the least load between 10 and 14 o'clock, of the largest load, and of the hour in which the sun exceeds the
//! load most, of PV as large as the largest load. Ascending; a day that is several of these stands once. In daily mode
//! all days are alike, and it is the first.
std::vector<ChosenDay> choose_days(const std::string& master, const DssImportOptions& options);

//! The choice itself, from hourly values [24 * days] of load [kW] and sun (any unit).
std::vector<ChosenDay> choose_days(const std::vector<double>& load, const std::vector<double>& sun);

}  // namespace gridqueue

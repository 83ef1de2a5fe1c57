// An OpenDSS model, compiled by the real engine, as a Network.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "gridqueue/network.hpp"
#include "host/dss/day_choice.hpp"

namespace gridqueue {

struct DssImportOptions {
  std::string library;                //!< of OpenDSS; empty = find_dss_library()
  std::string name;                   //!< of the feeder; empty = the circuit's
  std::vector<std::string> commands;  //!< of OpenDSS, run after compiling
  DayChoice day;
  std::string pv_shape;                                           //!< LoadShape or .csv file; see day_of_pv()
  std::map<std::string, std::vector<std::string>> monitor_lists;  //!< name -> bus names
  std::string feeder_head;  //!< element from which on buses are candidates for units; "" = the substation
  std::string length_unit;  //!< of lines that have none: mi, kft, km, m, ft, in, cm, mm; "" = not known
  std::string origin, licence;
  DssProgress progress{};  //!< called in the process in which OpenDSS works
};

//! Throws Error(input) naming all elements that cannot be represented, Error(unavailable) without OpenDSS.
Network import_dss(const std::string& master, const DssImportOptions& options);

}  // namespace gridqueue

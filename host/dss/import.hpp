// An OpenDSS model, compiled by the real engine, as a Network.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "gridqueue/network.hpp"

namespace gridqueue {

struct DssImportOptions {
  std::string library;                                            //!< of OpenDSS; empty = find_dss_library()
  std::string name;                                               //!< of the feeder; empty = the circuit's
  std::string load_shape = "default";                             //!< LoadShape of loads that name no daily shape
  std::string pv_shape = "pcloud";                                //!< LoadShape of 1 s samples over a day
  std::map<std::string, std::vector<std::string>> monitor_lists;  //!< name -> bus names
  std::string origin, licence;
};

//! Throws Error(input) naming the element this engine cannot represent, Error(unavailable) without OpenDSS.
Network import_dss(const std::string& master, const DssImportOptions& options);

}  // namespace gridqueue

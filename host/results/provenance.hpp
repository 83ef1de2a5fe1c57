// Where a results file comes from: its root attributes.
#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "host/outcome/kept.hpp"

namespace gridqueue {

struct Provenance {
  std::string program_version, commit;
  std::string command_line;
  std::string study;                          //!< text of the study file
  std::map<std::string, std::string> tables;  //!< that it names (Study::tables)
  std::string feeder, feeder_checksum;
  std::string feeder_digest;     //!< of its content (feeder_digest()); "" in files of before
  std::string feeder_file;       //!< where the feeder was, absolute
  std::string backend, device;   //!< "cpu", and what it is
  std::string model, precision;  //!< "ac"; "float" or "double"
  std::string order_method;      //!< "random", "given" or "all"
  std::uint64_t seed = 0;        //!< of the orders
  std::uint64_t orders = 0;      //!< asked for, at most where a stopping rule is given
  bool antithetic = false;       //!< orders 2k and 2k + 1 are one draw and its reverse
  std::string until;             //!< the stopping rule in words; empty = none
  std::string answers;           //!< hash of what answers depend on beside the state: feeder, build, precision, ...
  Kept keep = Kept::orders;      //!< what the file holds of the orders
};

//! Where a run's time went [s].
struct RunSeconds {
  double total = 0, evaluate = 0, explore = 0, write = 0;
};

}  // namespace gridqueue

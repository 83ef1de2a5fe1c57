// Where a results file comes from: its root attributes.
#pragma once
#include <cstdint>
#include <string>

namespace gridqueue {

struct Provenance {
  std::string program_version, commit;
  std::string command_line;
  std::string study;  //!< text of the study file
  std::string feeder, feeder_checksum;
  std::string backend, device;   //!< "cpu", and what it is
  std::string model, precision;  //!< "ac"; "float" or "double"
  std::string order_method;      //!< "random" or "given"
  std::uint64_t seed = 0;        //!< of the orders
  std::uint64_t orders = 0;      //!< asked for
};

}  // namespace gridqueue

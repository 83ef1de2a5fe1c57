// A Network and what was added to it, written as an OpenDSS model, so that anyone can check us with OpenDSS.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "gridqueue/unit_site.hpp"
#include "gridqueue/upgrade.hpp"

namespace gridqueue {

//! One state of the feeder: PV of unity power factor, and upgraded lines.
struct DssState {
  std::vector<std::pair<UnitSite, double>> der;  //!< where, and size [kW]
  Upgrades upgraded;                             //!< lines
  double factor = 2;                             //!< an upgraded line has length / factor and ratings * factor
};

inline const std::string kExportMark = "written by gridqueue";  //!< in the first line of Master.dss
//! Names of the files that export_dss writes.
std::vector<std::string> exported_files(const Network& network);

//! Writes Master.dss and the shapes and coordinates it reads into `folder` (made if missing), from the network alone.
//! The model is ready for `solve`: a day of STATIC control from the taps where the feeder file's own Solve left them.
//! Returns the path of Master.dss. Throws Error(input) for branches it cannot write.
std::string export_dss(const Network& network, const DssState& state, const std::string& folder);
void export_dss(const Network& network, const std::vector<std::pair<UnitSite, double>>& der, const Upgrades& upgraded,
                double factor, const std::string& folder);

}  // namespace gridqueue

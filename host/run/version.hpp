// What this program is: version, commit, backends.
#pragma once
#include <string>

namespace gridqueue {

std::string program_version();  //!< "0.1.0"
std::string program_commit();   //!< short hash at configure time, or "unknown"
std::string version_text();     //!< for --version

}  // namespace gridqueue

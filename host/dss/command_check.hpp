// Commands of a user that OpenDSS takes without a word although they name nothing.
#pragma once
#include <string>

#include "host/dss/engine.hpp"

namespace gridqueue {

//! Of an edit, enable or disable: throws Error(input) where the compiled model has no object of that name. Of a
//! batchedit: returns the pattern where no name of the class has it, else "".
std::string names_nothing(DssEngine& dss, const std::string& command);

}  // namespace gridqueue

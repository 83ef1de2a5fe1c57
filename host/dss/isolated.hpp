// What open switches and blown fuses cut off.
#pragma once
#include "host/dss/reader.hpp"

namespace gridqueue {

//! Takes buses that no closed branch connects to the source out of the model, with all that stands there and all that
//! watches it. Returns what to say of it, "" where there is nothing.
std::string leave_out_isolated(DssEngine& dss, DssModel& model);

}  // namespace gridqueue

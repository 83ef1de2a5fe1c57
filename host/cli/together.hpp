// A command that several processes carry out together.
#pragma once
#include <functional>

#include "host/run/mpi_session.hpp"

namespace gridqueue {

//! Where one fails all end, with its exit code, and one says why; where all were interrupted the first says so.
void together(const std::function<void(const MpiSession&)>& body);

}  // namespace gridqueue

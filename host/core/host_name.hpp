// This machine's name among others that work on the same files.
#pragma once
#include <string>

namespace gridqueue {

std::string host_name();

}  // namespace gridqueue

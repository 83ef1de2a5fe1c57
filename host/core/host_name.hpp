// This machine's name among others that work on the same files.
#pragma once
#include <string>

namespace gridqueue {

std::string host_name();
std::string host_and_pid();  //!< this process among all of theirs: "node3-4711"

}  // namespace gridqueue

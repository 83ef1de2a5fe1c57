// This machine's name among others that work on the same files.
#pragma once
#include <sys/types.h>

#include <optional>
#include <string>

namespace gridqueue {

std::string host_name();
std::string host_and_pid();  //!< this process among all of theirs: "node3-4711"
//! The process of this machine that a name begins with, as host_and_pid() says it; none of another machine.
std::optional<pid_t> process_here(const std::string& name);
bool is_alive(pid_t process);

}  // namespace gridqueue

#include "host/core/host_name.hpp"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace gridqueue {

std::string host_name() {
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  return name;
}

std::string host_and_pid() { return host_name() + "-" + std::to_string(getpid()); }

std::optional<pid_t> process_here(const std::string& name) {
  const std::string here = host_name() + "-";
  if (!name.starts_with(here)) return {};
  const int process = std::atoi(name.c_str() + here.size());
  return process > 0 ? std::optional<pid_t>(process) : std::nullopt;
}

bool is_alive(pid_t process) { return kill(process, 0) == 0 || errno == EPERM; }

}  // namespace gridqueue

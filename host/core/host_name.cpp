#include "host/core/host_name.hpp"

#include <unistd.h>

namespace gridqueue {

std::string host_name() {
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  return name;
}

std::string host_and_pid() { return host_name() + "-" + std::to_string(getpid()); }

}  // namespace gridqueue

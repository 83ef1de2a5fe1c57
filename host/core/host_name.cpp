#include "host/core/host_name.hpp"

#include <unistd.h>

namespace gridqueue {

std::string host_name() {
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  return name;
}

}  // namespace gridqueue

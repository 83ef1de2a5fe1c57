// Values of options: --der, --upgrade, --limit, --monitors and numbers. The first byte chooses which.
#include <cmath>

#include "gridqueue/contracts.hpp"
#include "host/cli/command.hpp"
#include "host/cli/option_check.hpp"
#include "host/feeder/feeder_file.hpp"

namespace gridqueue {
namespace {

const Network& feeder() {
  static const Network network = read_feeder(GRIDQUEUE_SOURCE_DIR "/data/ieee13.h5");
  return network;
}

void read_option(unsigned char which, std::string text) {
  switch (which % 6) {
    case 0:
      for (const auto& [site, kw] : parse_der(feeder(), {text}))
        if (!(kw > 0 && std::isfinite(kw)) || site.bus.index() >= feeder().buses.size()) __builtin_trap();
      return;
    case 1: (void)parse_upgrades(feeder(), {text}); return;
    case 2: (void)parse_limits({text}); return;
    case 3: (void)parse_monitors(feeder(), text); return;
    case 4: (void)whole_number(1, 1000)(text); return;
    default: (void)number_between(0, 10)(text);
  }
}

}  // namespace
}  // namespace gridqueue

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, unsigned long size) {
  if (size == 0) return 0;
  try {
    gridqueue::read_option(data[0], std::string(reinterpret_cast<const char*>(data) + 1, size - 1));
  } catch (const gridqueue::Error& e) {
    if (e.code() == gridqueue::ExitCode::internal) __builtin_trap();
  }
  return 0;
}

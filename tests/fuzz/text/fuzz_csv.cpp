// A shape as a CSV: the numbers that are read are numbers.
#include <cmath>

#include "gridqueue/contracts.hpp"
#include "host/dss/shape_csv.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, unsigned long size) {
  try {
    for (double x : gridqueue::parse_shape_csv(std::string(reinterpret_cast<const char*>(data), size), "shape.csv"))
      if (!std::isfinite(x)) __builtin_trap();
  } catch (const gridqueue::Error& e) {
    if (e.code() == gridqueue::ExitCode::internal) __builtin_trap();
  }
  return 0;
}

// A linear program's text, and what is checked of it before it is solved.
#include "gridqueue/contracts.hpp"
#include "host/allocate/linear_program.hpp"
#include "host/allocate/lp_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, unsigned long size) {
  try {
    gridqueue::parse_lp(std::string(reinterpret_cast<const char*>(data), size), "lp.toml").validate();
  } catch (const gridqueue::Error& e) {
    if (e.code() == gridqueue::ExitCode::internal) __builtin_trap();
  }
  return 0;
}

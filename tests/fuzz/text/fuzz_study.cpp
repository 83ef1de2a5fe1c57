// A study's text: whatever it is, it is read or refused.
#include "gridqueue/contracts.hpp"
#include "host/study/study.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, unsigned long size) {
  try {
    (void)gridqueue::parse_study("study.toml", std::string(reinterpret_cast<const char*>(data), size), "feeder.h5");
  } catch (const gridqueue::Error& e) {
    if (e.code() == gridqueue::ExitCode::internal) __builtin_trap();
  }
  return 0;
}

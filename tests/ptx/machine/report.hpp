// What a run did that a GPU does not bear, or that has no defined result there.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace ptx {

struct Report {
  std::string what;     //!< "read of what another thread wrote, no barrier between"
  std::string kernel;   //!< as it is spelt in the source
  std::uint32_t line;   //!< of the PTX
  std::string details;  //!< of the first time
  std::uint64_t times;
};

//! Reports of one kind, kernel and line are one.
void report(const char* what, std::uint32_t line, const std::string& details = {});
//! All since the last call.
std::vector<Report> take_reports();
std::string text_of(const Report& report);

}  // namespace ptx

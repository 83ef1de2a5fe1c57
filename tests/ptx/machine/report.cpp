#include "tests/ptx/machine/report.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <map>
#include <tuple>

#include "tests/ptx/machine/block.hpp"

namespace ptx {
namespace {

using Key = std::tuple<std::string, std::string, std::uint32_t>;
std::map<Key, Report>& reports() {
  static auto* all = new std::map<Key, Report>;
  return *all;
}

}  // namespace

std::string spelt(const char* symbol) {
  int status = 0;
  char* text = abi::__cxa_demangle(symbol, nullptr, nullptr, &status);
  std::string name = text ? text : symbol;
  std::free(text);
  return name;
}

void report(const char* what, std::uint32_t line, const std::string& details) {
  const Block* block = Block::running();
  const char* kernel = block ? block->launch().function->name : "no kernel";
  Report& r = reports()[{what, kernel, line}];
  if (r.times++ > 0) return;
  const std::string where =
      block ? "block " + std::to_string(block->index()) + ", thread " + std::to_string(block->active().index) : "";
  r.what = what, r.kernel = spelt(kernel), r.line = line;
  r.details = where + (details.empty() ? "" : ": " + details);
}

std::vector<Report> take_reports() {
  std::vector<Report> all;
  for (const auto& [key, r] : reports()) all.push_back(r);
  reports().clear();
  return all;
}

std::string text_of(const Report& r) {
  return r.what + " (line " + std::to_string(r.line) + " of the PTX, " + std::to_string(r.times) + " times; first " +
         r.details + ") in " + r.kernel;
}

}  // namespace ptx

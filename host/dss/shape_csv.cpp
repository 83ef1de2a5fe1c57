#include "host/dss/shape_csv.hpp"

#include <cmath>
#include <cstdlib>
#include <sstream>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"

namespace gridqueue {

namespace {
//! No number, whatever stands around it.
bool is_heading(const std::string& line) {
  const std::size_t first = line.find_first_not_of(" \t\"';,+-.");
  return first != std::string::npos && !(line[first] >= '0' && line[first] <= '9') &&
         line.find('\0') == std::string::npos;
}
}  // namespace

std::vector<double> parse_shape_csv(const std::string& text, const std::string& path) {
  std::vector<double> values;
  std::size_t lines = 0;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (++lines == 1 && line.rfind("\xEF\xBB\xBF", 0) == 0) line.erase(0, 3);  // a mark of UTF-8
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    char* end = nullptr;
    const double value = std::strtod(line.c_str(), &end);
    const bool number = end != line.c_str() && std::string(end).find_first_not_of(" \t\r") == std::string::npos &&
                        line.find('\0') == std::string::npos;
    if (number && std::isfinite(value)) values.push_back(value);
    else if (lines == 1 && is_heading(line))
      log_warn("'{}' begins with '{:.40}', which is taken for a heading", path, line);
    else fail_input("'{}' line {} is '{:.40}' (one number a line is needed)", path, lines, line);
  }
  if (values.empty()) fail_input("the PV shape '{}' has no points", path);
  return values;
}

}  // namespace gridqueue

#include "host/dss/shape_csv.hpp"

#include <cmath>
#include <cstdlib>
#include <sstream>

#include "gridqueue/contracts.hpp"

namespace gridqueue {

std::vector<double> parse_shape_csv(const std::string& text, const std::string& path) {
  std::vector<double> values;
  std::size_t lines = 0;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    ++lines;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    char* end = nullptr;
    const double value = std::strtod(line.c_str(), &end);
    const bool number = end != line.c_str() && std::string(end).find_first_not_of(" \t\r") == std::string::npos &&
                        line.find('\0') == std::string::npos;
    if (number && std::isfinite(value)) values.push_back(value);
    else if (number || lines > 1)  // else a heading
      fail_input("'{}' line {} is '{:.40}' (one number a line is needed)", path, lines, line);
  }
  if (values.empty()) fail_input("the PV shape '{}' has no points", path);
  return values;
}

}  // namespace gridqueue

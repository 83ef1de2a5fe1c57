#include "host/queue/queue.hpp"

#include <fmt/core.h>

#include <map>

namespace gridqueue {

std::vector<std::string> unit_labels(const std::vector<std::string>& names, const std::vector<std::string>& places) {
  std::vector<std::string> labels;
  std::map<std::string, int> alike, number;
  for (std::size_t u = 0; u < places.size(); ++u) {
    labels.push_back(u < names.size() && !names[u].empty() ? names[u] : places[u]);
    ++alike[labels.back()];
  }
  for (std::string& label : labels)
    if (alike[label] > 1) label = fmt::format("{} ({})", label, ++number[label]);
  return labels;
}

}  // namespace gridqueue

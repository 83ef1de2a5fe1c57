#include <algorithm>
#include <cctype>
#include <vector>

#include "gridqueue/network.hpp"
#include "host/model/bus_names.hpp"

namespace gridqueue {
namespace {

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

//! Letters to replace, add, leave out or swap with the next one (the usual slip); compared without case.
std::size_t distance(const std::string& a, const std::string& b) {
  const auto same = [&](std::size_t i, std::size_t j) { return lower(a[i - 1]) == lower(b[j - 1]); };
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before.swap(above);
    above.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same(i, j) ? 0 : 1)});
      if (i > 1 && j > 1 && same(i, j - 1) && same(i - 1, j)) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row.back();
}

}  // namespace

std::string closest_name(const std::string& wanted, const std::vector<std::string>& names) {
  // A third of the letters may be wrong; beyond that a suggestion confuses more than it helps.
  std::size_t best = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  std::string closest;
  for (const std::string& name : names) {
    const std::size_t d = distance(wanted, name);
    if (d < best) best = d, closest = name;
  }
  return closest;
}

std::vector<std::string> bus_names(const Network& network) {
  std::vector<std::string> names;
  for (const Bus& b : network.buses)
    if (!b.inner) names.push_back(b.name);
  return names;
}

}  // namespace gridqueue

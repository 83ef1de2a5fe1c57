#include "gridqueue/limits.hpp"

#include <algorithm>

namespace gridqueue {

std::vector<std::string> limit_names(std::uint32_t bits) {
  std::vector<std::string> names;
  for (const LimitInfo& limit : kLimits)
    if (bits & limit.bit) names.emplace_back(limit.name);
  return names;
}

void PlaceBounds::admit(std::size_t place, double value, std::size_t places) {
  if (!(sign * (value - bound(place)) > 0)) return;
  if (at.empty()) at.assign(places, limit);
  at[place] = value;
}

Thresholds::Thresholds(const Limits& limits) {
  for (const LimitInfo& l : kLimits)
    if (l.limit) (*this)[l.bit] = {limits.*l.limit, limits.*l.tolerance, l.sign, {}};
}

bool Thresholds::uniform() const {
  return std::all_of(bounds_.begin(), bounds_.end(), [](const PlaceBounds& b) { return b.uniform(); });
}

bool Thresholds::need_places() const {
  constexpr LimitBit kOnlyWhereAsked[] = {limit_vmax, limit_vmin, limit_lv_vmax, limit_lv_vmin, limit_emergency};
  return !std::ranges::all_of(kOnlyWhereAsked, [this](LimitBit bit) { return (*this)[bit].uniform(); });
}

}  // namespace gridqueue

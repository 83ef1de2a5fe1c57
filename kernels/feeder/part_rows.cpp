#include "kernels/feeder/part_rows.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "kernels/feeder/feeder_records.hpp"

namespace gridqueue {

PartRows::PartRows(const Network& network, const EvaluatorOptions& options) : net_(network), options_(options) {
  for (UnitSite site : options_.sites)
    if (!three_phase_site(net_, site))
      for (const UnitPart& part : unit_parts(net_, site)) parts_.emplace_back(site.bus.index(), part);
  std::sort(parts_.begin(), parts_.end());
  parts_.erase(std::unique(parts_.begin(), parts_.end()), parts_.end());
  first_.assign(net_.buses.size() + 1, 0);
  for (const auto& [bus_index, part] : parts_) ++first_[bus_index + 1];
  std::partial_sum(first_.begin(), first_.end(), first_.begin());
}

template <class Real>
void PartRows::add_records(std::int32_t before, CompiledFeeder<Real>& feeder) const {
  feeder.shape.first_part = static_cast<std::int32_t>(feeder.injection.size());
  for (const auto& [bus_index, part] : parts_)
    feeder.injection.push_back(unit_part_record<Real>(net_.buses[bus_index], part));
  for (UnitSite site : options_.sites) {
    if (three_phase_site(net_, site)) continue;
    UnitRows& rows = feeder.site_rows[site] = {};
    for (const UnitPart& part : unit_parts(net_, site)) {
      const auto at = std::lower_bound(parts_.begin(), parts_.end(), std::pair(site.bus.index(), part));
      rows.row[static_cast<std::size_t>(rows.count++)] = before + static_cast<std::int32_t>(at - parts_.begin());
    }
  }
}

template void PartRows::add_records(std::int32_t, CompiledFeeder<float>&) const;
template void PartRows::add_records(std::int32_t, CompiledFeeder<double>&) const;

}  // namespace gridqueue

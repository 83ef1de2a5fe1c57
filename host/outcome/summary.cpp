#include "host/outcome/summary.hpp"

#include <algorithm>

namespace gridqueue {
namespace {

constexpr std::size_t kMostBins = 12;

Spread spread(const Tally& tally) {
  Spread s;
  const auto values = tally.values();
  s.mean = tally.mean();
  s.sd = tally.sd();
  s.min = values.front().value;
  s.max = values.back().value;
  const auto quantiles = tally.quantiles({kQuantiles.begin(), kQuantiles.end()});
  std::copy(quantiles.begin(), quantiles.end(), s.quantile.begin());
  return s;
}

}  // namespace

std::vector<HistogramBin> histogram(const std::map<double, double>& distribution) {
  std::vector<HistogramBin> bins;
  if (distribution.size() <= kMostBins) {
    for (const auto& [value, share] : distribution) bins.push_back({value, value, share});
    return bins;
  }
  const double low = distribution.begin()->first, high = distribution.rbegin()->first,
               width = (high - low) / static_cast<double>(kMostBins);
  for (std::size_t i = 0; i < kMostBins; ++i)
    bins.push_back({low + width * static_cast<double>(i), low + width * static_cast<double>(i + 1), 0});
  bins.back().high = high;
  for (const auto& [value, share] : distribution)
    bins[std::min(static_cast<std::size_t>((value - low) / width), kMostBins - 1)].share += share;
  return bins;
}

Summary summarize(const SampleStatistics& sample) {
  Summary summary;
  summary.orders = sample.orders();
  summary.units.resize(sample.num_units());
  if (sample.total_usd().orders() == 0) return summary;
  for (std::size_t i = 0; i < sample.num_units(); ++i) {
    const UnitId u(i);
    summary.units[i] = {sample.trigger_probability(u), sample.reject_probability(u), spread(sample.cost_usd(u))};
  }
  summary.total = spread(sample.total_usd());
  std::map<double, double> totals;
  for (const Tally::Count& c : sample.total_usd().values())
    totals[c.value] = static_cast<double>(c.orders) / static_cast<double>(sample.total_usd().orders());
  summary.histogram = histogram(totals);
  return summary;
}

}  // namespace gridqueue

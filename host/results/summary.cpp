#include "host/results/summary.hpp"

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

std::vector<HistogramBin> histogram(const std::vector<Tally::Count>& values) {
  std::vector<HistogramBin> bins;
  if (values.size() <= kMostBins) {
    for (const Tally::Count& c : values) bins.push_back({c.value, c.value, c.orders});
    return bins;
  }
  const double low = values.front().value, width = (values.back().value - low) / static_cast<double>(kMostBins);
  for (std::size_t i = 0; i < kMostBins; ++i)
    bins.push_back({low + width * static_cast<double>(i), low + width * static_cast<double>(i + 1), 0});
  bins.back().high = values.back().value;
  for (const Tally::Count& c : values) bins[std::min(static_cast<std::size_t>((c.value - low) / width), kMostBins - 1)].orders += c.orders;
  return bins;
}

}  // namespace

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
  summary.histogram = histogram(sample.total_usd().values());
  return summary;
}

}  // namespace gridqueue

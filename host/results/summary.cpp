#include "host/results/summary.hpp"

#include <thrust/sort.h>
#include <thrust/system/omp/execution_policy.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gridqueue {
namespace {

constexpr std::size_t kMostBins = 12;

std::vector<double> sorted(const std::vector<double>& values) {
  std::vector<double> result = values;
  thrust::sort(thrust::omp::par, result.begin(), result.end());
  return result;
}

double quantile(const std::vector<double>& rising, double q) {
  const double at = q * static_cast<double>(rising.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const double a = rising[low], b = rising[std::min(low + 1, rising.size() - 1)];
  return a + (at - static_cast<double>(low)) * (b - a);
}

//! Sums run over sorted values, one after the other: the same bits for any number of threads.
Spread spread(const std::vector<double>& rising) {
  const double n = static_cast<double>(rising.size());
  Spread s;
  s.mean = std::accumulate(rising.begin(), rising.end(), 0.0) / n;
  double squares = 0;
  for (const double x : rising) squares += (x - s.mean) * (x - s.mean);
  if (rising.size() > 1) s.sd = std::sqrt(squares / (n - 1));
  s.min = rising.front();
  s.max = rising.back();
  s.median = quantile(rising, 0.5);
  s.p95 = quantile(rising, 0.95);
  return s;
}

//! To the cent: the same lines, paid in another order, add up to the same total.
double cents(double usd) { return std::round(usd * 100) / 100; }

std::vector<HistogramBin> distinct_totals(const std::vector<double>& rising) {
  std::vector<HistogramBin> bins;
  for (const double x : rising) {
    const double usd = cents(x);
    if (bins.empty() || bins.back().low != usd) bins.push_back({usd, usd, 0});
    ++bins.back().orders;
  }
  return bins;
}

std::vector<HistogramBin> equal_bins(const std::vector<double>& rising) {
  const double low = rising.front(), width = (rising.back() - low) / static_cast<double>(kMostBins);
  std::vector<HistogramBin> bins(kMostBins);
  for (std::size_t i = 0; i < kMostBins; ++i)
    bins[i] = {low + width * static_cast<double>(i), low + width * static_cast<double>(i + 1), 0};
  bins.back().high = rising.back();
  for (const double x : rising) ++bins[std::min(static_cast<std::size_t>((x - low) / width), kMostBins - 1)].orders;
  return bins;
}

std::vector<HistogramBin> histogram(const std::vector<double>& rising) {
  auto bins = distinct_totals(rising);
  return bins.size() <= kMostBins ? bins : equal_bins(rising);
}

double share(std::uint64_t some, std::size_t all) { return static_cast<double>(some) / static_cast<double>(all); }

}  // namespace

Summary summarize(const Outcomes& outcomes) {
  Summary summary;
  summary.orders = outcomes.orders();
  summary.units.resize(outcomes.num_units());
  if (outcomes.orders() == 0) return summary;
  for (std::size_t u = 0; u < outcomes.num_units(); ++u) {
    summary.units[u] = {share(outcomes.triggers(u), outcomes.orders()), share(outcomes.rejects(u), outcomes.orders()),
                        spread(sorted(outcomes.cost_usd(u)))};
  }
  const auto total = sorted(outcomes.total_usd());
  summary.total = spread(total);
  summary.histogram = histogram(total);
  return summary;
}

}  // namespace gridqueue

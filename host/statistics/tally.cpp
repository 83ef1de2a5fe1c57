#include "host/statistics/tally.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

//! Value at a 1-based rank, clamped to the sample.
double at_rank(const std::vector<Tally::Count>& upto, double rank) {
  const double last = static_cast<double>(upto.back().orders);
  const auto wanted = static_cast<std::uint64_t>(std::clamp(rank, 1.0, last));
  return std::lower_bound(upto.begin(), upto.end(), wanted,
                          [](const Tally::Count& c, std::uint64_t r) { return c.orders < r; })
      ->value;
}

}  // namespace

std::uint32_t Tally::code_of(double x) {
  const auto [at, is_new] = code_.try_emplace(x, static_cast<std::uint32_t>(value_.size()));
  if (is_new) value_.push_back(x), alike_.push_back(0);
  return at->second;
}

void Tally::add_code(std::uint32_t code) {
  std::uint32_t partner = code;
  if (sampling_ == Sampling::antithetic) {
    half_ = !half_;
    if (half_) {
      first_ = code;
      return;
    }
    partner = first_;
  }
  if (code == partner) ++alike_[code];
  else ++mixed_[std::uint64_t{std::min(code, partner)} << 32 | std::max(code, partner)];
  ++clusters_;
}

std::vector<Tally::Cluster> Tally::clusters() const {
  std::vector<Cluster> all;
  all.reserve(value_.size() + mixed_.size());
  for (std::size_t c = 0; c < value_.size(); ++c)
    if (alike_[c] > 0) all.push_back({value_[c], value_[c], alike_[c]});
  for (const auto& [key, count] : mixed_) {
    const double a = value_[key >> 32], b = value_[key & 0xffffffffu];
    all.push_back({std::min(a, b), std::max(a, b), count});
  }
  std::sort(all.begin(), all.end(),
            [](const Cluster& a, const Cluster& b) { return std::tie(a.low, a.high) < std::tie(b.low, b.high); });
  return all;
}

std::vector<Tally::Count> Tally::values() const {
  std::vector<Count> all;
  for (const Cluster& c : clusters()) {
    all.push_back({c.low, c.count});
    if (sampling_ == Sampling::antithetic) all.push_back({c.high, c.count});
  }
  std::sort(all.begin(), all.end(), [](const Count& a, const Count& b) { return a.value < b.value; });
  std::size_t kept = 0;
  for (const Count& c : all) {
    if (kept > 0 && all[kept - 1].value == c.value) all[kept - 1].orders += c.orders;
    else all[kept++] = c;
  }
  all.resize(kept);
  return all;
}

Estimate Tally::mean() const {
  RunningMean m(sampling_);
  for (const Cluster& c : clusters()) m.add_clusters(0.5 * (c.low + c.high), c.count);
  return m.mean();
}

double Tally::sd() const {
  RunningMean m(Sampling::independent);
  for (const Count& c : values()) m.add_clusters(c.value, c.orders);
  return m.clusters() < 2 ? 0 : m.mean().standard_error * std::sqrt(static_cast<double>(m.clusters()));
}

//! Variance of the share of orders at or below x, over what it would be were all orders independent.
double Tally::design_effect(const std::vector<Cluster>& clusters, double x) const {
  if (sampling_ == Sampling::independent) return 1;
  RunningMean below(sampling_);
  for (const Cluster& c : clusters) below.add_clusters(0.5 * ((c.low <= x ? 1 : 0) + (c.high <= x ? 1 : 0)), c.count);
  const Estimate share = below.mean();
  const double independent = share.value * (1 - share.value) / static_cast<double>(orders());
  // all orders on one side tell nothing of how partners depend: assume the worst, that they are alike
  const double worst = static_cast<double>(cluster_size(sampling_));
  return independent > 0 && below.clusters() > 1 ? share.standard_error * share.standard_error / independent : worst;
}

std::vector<Estimate> Tally::quantiles(const std::vector<double>& probabilities) const {
  GQ_EXPECT(clusters_ > 0);
  const std::vector<Cluster> whole = clusters();
  std::vector<Count> upto = values();
  for (std::size_t i = 1; i < upto.size(); ++i) upto[i].orders += upto[i - 1].orders;
  const double n = static_cast<double>(orders());
  std::vector<Estimate> found;
  for (const double p : probabilities) {
    GQ_EXPECT(p >= 0 && p <= 1);
    Estimate e;
    e.value = at_rank(upto, std::ceil(n * p));
    const double ranks = kNormal95 * std::sqrt(n * p * (1 - p) * design_effect(whole, e.value));
    const double low = std::floor(n * p - ranks), high = std::ceil(n * p + ranks) + 1;
    e.low = at_rank(upto, low);
    e.high = at_rank(upto, high);
    e.standard_error = (e.high - e.low) / (2 * kNormal95);
    if (low < 1) e.low = -kInfinity;  // the sample is too small to bound this quantile
    if (high > n) e.high = kInfinity;
    found.push_back(e);
  }
  return found;
}

void ShareTally::add(bool happened) {
  happened_ += happened;
  if (++open_ < cluster_size(sampling_)) return;
  ++clusters_[happened_];
  open_ = happened_ = 0;
}

Estimate ShareTally::probability() const {
  RunningMean m(sampling_);
  const double size = static_cast<double>(cluster_size(sampling_));
  for (std::size_t k = 0; k < clusters_.size(); ++k) m.add_clusters(static_cast<double>(k) / size, clusters_[k]);
  return m.probability();
}

}  // namespace gridqueue

#include "kernels/feeder/rating_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/feeder/feeder_records.hpp"

namespace gridqueue {

template <class Real>
void RatingRows<Real>::add_branch(std::size_t i, BusRecord& bus) {
  bus.rated = static_cast<std::int32_t>(out_.rating.size());
  const Branch& branch = net_.buses[i].branch;
  add(i, bus, {"", branch.normal_amps, branch.emergency_amps, branch.i_terminal1, branch.y_terminal1});
  for (const BranchElement& e : branch.elements) {
    const std::int32_t before = bus.ratings;
    add(i, bus, e);
    if (e.with_tap && bus.ratings > before) tapped_[out_.rating.size() - 1] = e.name;
  }
}

template <class Real>
void RatingRows<Real>::add(std::size_t i, BusRecord& bus, const BranchElement& element) {
  auto rating = rating_record<Real>(net_, i, element, bus, out_.coefficient);
  if (!rating) return;
  if (keep_ != Keep::extremes) rating->inverse_watch2 = Real(1e30);
  else if (const double share = limits_.emergency_pct / 100; share < 1)  // who is beyond the limit is listed
    rating->inverse_watch2 =
        std::max(rating->inverse_watch2, static_cast<Real>(rating->inverse_emergency2 / (share * share)));
  ++bus.ratings;
  out_.rating.push_back(*rating);
  out_.rated_bus.push_back(BusId(i));
}

template <class Real>
void RatingRows<Real>::add_taps() {
  for (const auto& [rating, name] : tapped_)
    for (std::size_t i = 0; i < net_.regulators.size(); ++i)
      if (net_.regulators[i].name == name) out_.rating[rating].tap = static_cast<std::int32_t>(i);
}

template <class Real>
double RatingRows<Real>::magnitudes(std::int32_t first, std::int32_t stride, std::int32_t count) const {
  double sum = 0;
  for (std::int32_t k = 0; k < count; ++k) {
    const auto at = static_cast<std::size_t>(2 * (first + k * stride));
    sum += std::hypot(static_cast<double>(out_.coefficient[at]), static_cast<double>(out_.coefficient[at + 1]));
  }
  return sum;
}

template <class Real>
double RatingRows<Real>::share_bound(const BusRecord& bus, const RatingRecord<Real>& rating) const {
  const std::int32_t n = bus.num_nodes;
  if (bus.kind == SweepKind::line) return 1;
  double largest = 0;
  if (bus.kind == SweepKind::two_port && rating.tap < 0) {
    for (std::int32_t r = 0; r < kMaxNodes; ++r)
      largest = std::max(largest, magnitudes(rating.current / 2 + r * n, 1, n));
    return largest;
  }
  if (bus.kind != SweepKind::transformer || bus.regulator >= 0) return std::numeric_limits<double>::infinity();
  for (std::int32_t c = 0; c < n; ++c) largest = std::max(largest, magnitudes(bus.coefficient / 2 + n * n + c, n, n));
  return largest;
}

template <class Real>
double RatingRows<Real>::own_bound(const BusRecord& bus, const RatingRecord<Real>& rating) const {
  const std::int32_t n = bus.num_nodes;
  double largest = 0;
  if (bus.kind == SweepKind::line) {
    const std::int32_t alone = bus.coefficient / 2 + n * n, coupled = alone + n;
    for (std::int32_t r = 0; r < n; ++r)
      largest = std::max({largest, magnitudes(alone + r, 1, 1), magnitudes(coupled + r * n, 1, n)});
  } else if (rating.no_load >= 0) {
    const bool two_port = bus.kind == SweepKind::two_port;
    const std::int32_t columns = two_port ? bus.parent_nodes : n;
    for (std::int32_t r = 0; r < (two_port ? kMaxNodes : n); ++r)
      largest = std::max(largest, magnitudes(rating.no_load / 2 + r * columns, 1, columns));
  }
  return largest;
}

template <class Real>
void RatingRows<Real>::add_bounds() {
  constexpr double kRounding = 1.001;
  const auto judged_to_ground = [](const BusRecord& b) { return b.floating == 0 && b.neutrals == 0; };
  for (std::size_t r = 0; r < out_.rating.size(); ++r) {
    const std::size_t i = out_.rated_bus[r].index();
    const BusRecord &bus = out_.bus[i], &parent = out_.bus[net_.buses[i].parent.index()];
    RatingRecord<Real>& rating = out_.rating[r];
    const double share = share_bound(bus, rating), own = own_bound(bus, rating) * kBoundedVoltage;
    if (std::isinf(share) || (own > 0 && !(judged_to_ground(bus) && judged_to_ground(parent)))) continue;
    // (a + b)^2 <= 2 a^2 + 2 b^2
    rating.share_bound2 = static_cast<Real>(kRounding * (own > 0 ? 2 : 1) * share * share);
    rating.own_bound2 = static_cast<Real>(kRounding * 2 * own * own);
  }
}

template class RatingRows<float>;
template class RatingRows<double>;

}  // namespace gridqueue

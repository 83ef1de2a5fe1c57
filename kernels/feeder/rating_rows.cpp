#include "kernels/feeder/rating_rows.hpp"

#include <algorithm>

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

template class RatingRows<float>;
template class RatingRows<double>;

}  // namespace gridqueue

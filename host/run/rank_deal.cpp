#include "host/run/rank_deal.hpp"

#include <algorithm>
#include <limits>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

constexpr double kMostExtra = 0.1;    //!< of what a rank was dealt
constexpr double kLeastWork = 5'000;  //!< lanes of a rank; what fewer take says little

}  // namespace

std::uint32_t RankDeal::least_busy() const {
  std::size_t least = 0;
  for (std::size_t r = 1; r < work_.size(); ++r)
    if (work_[r] + extra_[r] < work_[least] + extra_[least]) least = r;
  return static_cast<std::uint32_t>(least);
}

const std::vector<std::uint32_t>& RankDeal::deal(std::size_t states) {
  rank_.clear();
  while (rank_.size() < states) {
    const std::uint32_t rank = least_busy();
    work_[rank] += static_cast<double>(lanes_);
    rank_.resize(std::min(states, rank_.size() + lanes_), rank);
  }
  return rank_;
}

void RankDeal::tell_spent(std::span<const std::uint64_t> spent) {
  GQ_EXPECT(spent.size() == work_.size());
  if (*std::min_element(work_.begin(), work_.end()) < kLeastWork) return;
  double of_lane = std::numeric_limits<double>::max();  // of the rank that does least beside
  for (std::size_t r = 0; r < spent.size(); ++r) of_lane = std::min(of_lane, static_cast<double>(spent[r]) / work_[r]);
  if (of_lane <= 0) return;
  for (std::size_t r = 0; r < spent.size(); ++r)
    extra_[r] = std::min(static_cast<double>(spent[r]) / of_lane - work_[r], kMostExtra * work_[r]);
}

}  // namespace gridqueue

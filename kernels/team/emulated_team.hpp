// A team of lanes on the CPU: its lanes run one after the other between barriers. Host only.
#pragma once
#include <vector>

#include "kernels/team/team_state.hpp"

namespace gridqueue {

enum class LaneOrder {
  forward,
  backward
};  //!< changes nothing where no lane reads what another writes between barriers

template <class Real>
class EmulatedTeam {
 public:
  explicit EmulatedTeam(std::int32_t lanes, LaneOrder order = LaneOrder::forward)
      : lanes_(static_cast<std::size_t>(lanes)), order_(order) {}

  template <class F>
  void each(const F& f) {
    const auto size = static_cast<std::int32_t>(lanes_.size());
    for (std::int32_t i = 0; i < size; ++i) {
      const std::int32_t lane = order_ == LaneOrder::forward ? i : size - 1 - i;
      f(lane, lanes_[static_cast<std::size_t>(lane)]);
    }
  }
  //! As a warp does it: distances 1, 2, 4, ...; then the sum before is what comes in from the lane before.
  template <int N, class Access>
  void scan(const Access& access) {
    const std::size_t size = lanes_.size();
    for (std::size_t distance = 1; distance < size; distance *= 2)
      for (std::size_t lane = size; lane-- > distance;)
        for (int n = 0; n < N; ++n) access(lanes_[lane])[n] += access(lanes_[lane - distance])[n];
    for (std::size_t lane = size; lane-- > 0;)
      for (int n = 0; n < N; ++n) access(lanes_[lane])[n] = lane > 0 ? access(lanes_[lane - 1])[n] : Real(0);
  }
  template <class Access>
  Real max(const Access& access) {
    Real largest = access(lanes_[0]);
    for (const auto& lane : lanes_) largest = lane_max(largest, access(lane));
    return largest;
  }
  template <class Access>
  bool any(const Access& access) {
    bool some = false;
    for (const auto& lane : lanes_) some = some || access(lane);
    return some;
  }

 private:
  std::vector<TeamLane<Real>> lanes_;
  LaneOrder order_;
};

}  // namespace gridqueue

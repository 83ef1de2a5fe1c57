// Rows of thermal limits: of every branch, and of its elements. Host only.
#pragma once
#include <map>
#include <string>

#include "kernels/feeder/compiled_feeder.hpp"

namespace gridqueue {

template <class Real>
class RatingRows {
 public:
  RatingRows(const Network& network, const Limits& limits, Keep keep, CompiledFeeder<Real>& feeder)
      : net_(network), limits_(limits), keep_(keep), out_(feeder) {}
  //! Of the branch to bus `i`, whose coefficients are there.
  void add_branch(std::size_t i, BusRecord& bus);
  //! Once all are there.
  void add_taps();
  //! Once regulators are there.
  void add_bounds();

 private:
  void add(std::size_t i, BusRecord& bus, const BranchElement& element);
  //! Sum of the magnitudes of `count` coefficients from `first` on, `stride` of them apart.
  [[nodiscard]] double magnitudes(std::int32_t first, std::int32_t stride, std::int32_t count) const;
  //! Of the shares of J in the current at terminal 1: the largest sum over nodes; infinity = not known.
  [[nodiscard]] double share_bound(const BusRecord& bus, const RatingRecord<Real>& rating) const;
  //! The same of the parent's (a line's charging: the nearer end's) voltages.
  [[nodiscard]] double own_bound(const BusRecord& bus, const RatingRecord<Real>& rating) const;

  const Network& net_;
  const Limits& limits_;
  Keep keep_;
  CompiledFeeder<Real>& out_;
  std::map<std::size_t, std::string> tapped_;  //!< element with a tap changer whose term counts in its rating
};

}  // namespace gridqueue

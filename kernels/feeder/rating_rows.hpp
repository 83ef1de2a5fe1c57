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

 private:
  void add(std::size_t i, BusRecord& bus, const BranchElement& element);

  const Network& net_;
  const Limits& limits_;
  Keep keep_;
  CompiledFeeder<Real>& out_;
  std::map<std::size_t, std::string> tapped_;  //!< element with a tap changer whose term counts in its rating
};

}  // namespace gridqueue

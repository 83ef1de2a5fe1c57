// Who of several ranks evaluates which state of a batch: whole vectors at a time, because a vector takes as long with
// one state as with all its lanes, to whoever has had least to do.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace gridqueue {

class RankDeal {
 public:
  explicit RankDeal(std::size_t ranks) : work_(ranks, 0), extra_(ranks, 0) {}
  void lanes(std::size_t together) { lanes_ = together; }  //!< states that a vector holds

  //! [states] ranks. What it says hangs on what was told before alone, so that all ranks deal alike.
  const std::vector<std::uint32_t>& deal(std::size_t states);
  [[nodiscard]] std::uint32_t rank_of(std::size_t state) const { return rank_[state]; }
  [[nodiscard]] std::size_t states() const { return rank_.size(); }  //!< of the last batch
  //! `spent`: [rank] processor time since the first batch, without waiting, in any unit. Whoever does more beside
  //! evaluating (the first rank writes the file) gets less, by a tenth at most.
  void tell_spent(std::span<const std::uint64_t> spent);

 private:
  [[nodiscard]] std::uint32_t least_busy() const;

  std::vector<double> work_;   //!< [rank] lanes dealt, filled or not
  std::vector<double> extra_;  //!< [rank] what else it did, in lanes
  std::size_t lanes_ = 1;
  std::vector<std::uint32_t> rank_;  //!< [state] of the last batch
};

}  // namespace gridqueue

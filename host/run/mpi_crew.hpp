// Ranks that walk one study in lock step: each evaluates its share of what a batch lacks, then all have all answers.
#pragma once
#include "host/answers/crew.hpp"
#include "host/run/mpi_session.hpp"
#include "host/run/rank_deal.hpp"

namespace gridqueue {

class MpiCrew final : public Crew {
 public:
  explicit MpiCrew(const MpiSession& ranks);
  ~MpiCrew() override;  //!< logs what was sent (debug)
  MpiCrew(const MpiCrew&) = delete;
  MpiCrew& operator=(const MpiCrew&) = delete;
  [[nodiscard]] std::size_t members() const override { return static_cast<std::size_t>(ranks_.size()); }
  std::size_t width(std::size_t own, std::size_t lanes) override;
  std::vector<std::size_t> own(std::span<const StateKey> missing) override;
  //! Here, too, all learn whether one was told to stop. Throws Error(internal) where they ask for different states.
  Brought exchange(AnswerStore& store, std::span<const std::vector<std::uint8_t>> mine, std::size_t rest) override;

 private:
  void pack(std::span<const std::vector<std::uint8_t>> answers);
  [[nodiscard]] Brought sort_in(const std::vector<MpiSession::Word>& met, std::size_t rest) const;

  const MpiSession& ranks_;
  RankDeal deal_;
  std::uint64_t spent_ = 0, since_;  //!< processor time beside waiting; at the end of the last meeting [ns]
  std::size_t meetings_ = 0, sent_states_ = 0, sent_bytes_ = 0;  //!< from here
  std::uint64_t digest_ = 0;                                     //!< of all that was ever missing
  std::vector<std::uint8_t> packed_, received_;  //!< own verdicts; those of all ranks, one after the other
};

}  // namespace gridqueue

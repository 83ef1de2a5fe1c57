// Ranks that walk one study in lock step: each evaluates its share of what a batch lacks, then all have all answers.
#pragma once
#include "host/answers/crew.hpp"
#include "host/run/mpi_session.hpp"

namespace gridqueue {

class MpiCrew final : public Crew {
 public:
  explicit MpiCrew(const MpiSession& ranks) : ranks_(ranks) {}
  ~MpiCrew() override;  //!< logs what was sent (debug)
  MpiCrew(const MpiCrew&) = delete;
  MpiCrew& operator=(const MpiCrew&) = delete;
  [[nodiscard]] std::size_t members() const override { return static_cast<std::size_t>(ranks_.size()); }
  std::size_t width(std::size_t own) override;
  std::vector<std::size_t> own(std::span<const StateKey> missing) override;
  //! Here, too, all learn whether one was told to stop. Throws Error(internal) where they ask for different states.
  Brought exchange(AnswerStore& store, AnswerBook& book, std::span<const StateKey> keys, std::span<const Answer> mine,
                   std::span<const StateKey> rest) override;

 private:
  [[nodiscard]] std::size_t rank_of(std::size_t state) const { return (dealt_ + state) % members(); }
  [[nodiscard]] Brought sort_in(std::size_t rest) const;

  const MpiSession& ranks_;
  std::size_t dealt_ = 0;  //!< states so far: one by one, however small batches are
  std::size_t batch_ = 0;  //!< states of the batch at hand
  std::size_t meetings_ = 0, sent_states_ = 0, sent_bytes_ = 0;  //!< from here
  std::uint64_t digest_ = 0;                                     //!< of all that was ever missing
  std::vector<std::vector<std::uint8_t>> received_;              //!< [rank]: lengths, 4 bytes each, then the answers
};

}  // namespace gridqueue

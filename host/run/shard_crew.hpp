// Shards of one lattice: each evaluates the states of its hash, and reads from the others' segments what they have.
#pragma once
#include "host/answers/crew.hpp"
#include "host/run/part_status.hpp"
#include "host/run/run_folder.hpp"

namespace gridqueue {

class ShardCrew final : public Crew {
 public:
  //! `wait_seconds`: at most, for what a shard that is alive has not written yet; then it is evaluated here.
  ShardCrew(Shard shard, std::string folder, double wait_seconds)
      : shard_(shard), folder_(std::move(folder)), wait_seconds_(wait_seconds) {}
  std::vector<std::size_t> own(std::span<const StateKey> missing) override;
  Brought exchange(AnswerStore& store, AnswerBook& book, std::span<const StateKey> keys, std::span<const Answer> mine,
                   std::span<const StateKey> rest) override;

 private:
  //! Until the book has all of it, or nobody is left to wait for.
  void wait_for(AnswerStore& store, const AnswerBook& book, std::span<const StateKey> rest) const;
  [[nodiscard]] bool others_alive() const;

  Shard shard_;
  std::string folder_;
  double wait_seconds_;
};

}  // namespace gridqueue

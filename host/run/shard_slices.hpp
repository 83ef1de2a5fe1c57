// Shards of one lattice: of every slice of its steps each works out those of its hash, then reads what others have.
#pragma once
#include "host/answers/answer_store.hpp"
#include "host/run/part_status.hpp"
#include "host/run/run_folder.hpp"
#include "host/walk/walker.hpp"

namespace gridqueue {

class ShardSlices {
 public:
  //! `wait_seconds`: at most, at every slice, for shards that are alive and have not written theirs yet.
  ShardSlices(Shard shard, std::string folder, double wait_seconds, AnswerStore& store, PartReporter& reporter)
      : shard_(shard), folder_(std::move(folder)), wait_seconds_(wait_seconds), store_(store), reporter_(reporter) {}

  //! Before the walker considers these pairs, slice by slice alike in all shards. Afterwards most answers are at hand;
  //! what another shard has not written in time is not. Numbers nothing in the walker.
  void work_out(const Walker& walker, std::span<const StateUnit> pairs);

 private:
  void consider_own(const Walker& walker, std::span<const StateUnit> pairs) const;
  void wait_for_others() const;
  [[nodiscard]] bool others_behind() const;

  Shard shard_;
  std::string folder_;
  double wait_seconds_;
  AnswerStore& store_;
  PartReporter& reporter_;
  std::uint64_t slice_ = 0;  //!< the present one, from 1
};

}  // namespace gridqueue

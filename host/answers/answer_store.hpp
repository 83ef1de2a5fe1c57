// Answers at hand: those that segments hold, and those that were worked out here and go to segments by and by. An
// answer depends on the feeder, the state and the terms alone, so that any run that asks for it may have it; what is
// lost costs time, never correctness.
#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "host/answers/answer_folder.hpp"
#include "host/core/write_behind.hpp"

namespace gridqueue {

//! Answers of one set of terms.
class AnswerBook {
 public:
  //! Of what was read; nothing that was added here. On any thread, while nothing is read or added.
  [[nodiscard]] std::optional<std::span<const std::uint8_t>> find(const StateKey& key) const;
  void add(const StateKey& key, std::span<const std::uint8_t> answer);
  //! Of others, that go to no segment from here.
  void receive(Segment answers);
  [[nodiscard]] bool has_read() const { return !place_.empty(); }

 private:
  friend class AnswerStore;
  struct Place {
    std::uint32_t segment, answer;
  };
  std::vector<std::unique_ptr<const Segment>> segments_;  //!< read
  std::unordered_map<StateKey, Place, StateKeyHash> place_;
  Segment pending_;  //!< added, and not in a segment yet
};

struct AnswerCounts {
  std::uint64_t evaluated = 0;                     //!< worked out here
  std::uint64_t found = 0;                         //!< looked up
  std::uint64_t damaged = 0;                       //!< segments that could not be read
  std::vector<std::uint64_t> evaluated_by_rank{};  //!< where several processes walked together
};

//! Processes that must have read the same: both are called by all of them alike.
struct ReadTogether {
  std::function<std::vector<std::string>(std::vector<std::string>)> same_files;  //!< of what each sees
  std::function<void(std::vector<std::uint8_t>&)> read_by_all;                   //!< 0 where one could not read
};

class AnswerStore {
 public:
  //! `read_too`: further folders whose answers count. `first_seconds`: until the first segment; the time between two
  //! doubles up to five minutes.
  AnswerStore(AnswerFolder folder, std::vector<std::string> read_too = {}, double first_seconds = kFirstSeconds);
  static constexpr double kFirstSeconds = 4;
  //! From now on only what this part has written is read: others' answers are of no use to it.
  void read_own_part_alone() { own_part_alone_ = true; }
  //! From now on what others have written is read whenever something is written here.
  void follow_others() { follows_others_ = true; }

  //! Answers of these terms, those of segments read.
  AnswerBook& book(const std::string& terms);
  //! Reads what other processes have written since.
  void refresh();
  //! Between batches: writes a segment where one is due, behind the caller's back. The first after seconds, then ever
  //! less often. Throws what an earlier one threw: Error(output).
  void tick();
  //! From now on; none = alone.
  void read_with(std::optional<ReadTogether> others) { others_ = std::move(others); }
  //! Writes all that is pending, and waits for it.
  void write();
  //! Waits for what is being written, well or not: nobody needs it any more.
  void settle() noexcept;
  //! As write(), where something has failed already: what fails now is logged.
  void save_what_can_be() noexcept;

  [[nodiscard]] const AnswerFolder& folder() const { return folder_; }
  [[nodiscard]] bool wrote() const { return wrote_; }  //!< or is about to: some segment
  [[nodiscard]] const AnswerCounts& counts() const { return counts_; }
  void count_evaluated(std::size_t states) { counts_.evaluated += states; }
  void count_found(std::size_t states) { counts_.found += states; }
  //! Called before the first segment is written.
  void before_first(std::function<void()> call) { before_first_ = std::move(call); }
  void on_tick(std::function<void()> call) { on_tick_ = std::move(call); }
  //! Called wherever answers grow; what it throws goes on to whoever made them grow.
  void guard(std::function<void()> call) { guard_ = std::move(call); }

 private:
  using Clock = std::chrono::steady_clock;
  //! None where it holds answers of other terms, or cannot be read.
  std::optional<Segment> read_wanted(const std::string& file);
  void post_pending();
  [[nodiscard]] std::size_t pending_bytes() const;
  [[nodiscard]] std::vector<std::string> files() const;

  AnswerFolder folder_;
  std::vector<std::string> read_too_;
  std::map<std::string, AnswerBook> books_;
  std::map<std::string, std::string> terms_of_;  //!< by segment file seen
  std::set<std::string> read_;                   //!< segment files that are in a book, or damaged
  AnswerCounts counts_;
  bool wrote_ = false, own_part_alone_ = false, follows_others_ = false;
  std::function<void()> before_first_, on_tick_, guard_;
  std::optional<ReadTogether> others_;
  Clock::duration interval_;
  Clock::time_point due_;
  WriteBehind behind_;
};

}  // namespace gridqueue

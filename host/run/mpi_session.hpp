// The processes that mpirun or srun has started together, through MPI. A build without MPI (GRIDQUEUE_MPI=OFF) refuses
// to be one of several; whoever was started alone is the one rank of a session in which nothing is sent.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace gridqueue {

class MpiSession {
 public:
  //! Starts MPI where a launcher has started several processes. Throws Error(unavailable) where it has and there is no
  //! MPI in this build, or MPI sees other processes than the launcher has started.
  MpiSession();
  ~MpiSession();
  MpiSession(const MpiSession&) = delete;
  MpiSession& operator=(const MpiSession&) = delete;
  //! Whether this build has MPI, and a launcher of MPI programs (no plain srun) has started several processes.
  static bool started_by_mpi();
  //! Throws Error(usage) where a launcher has started several processes of a command that is one's work.
  static void refuse_several(const char* command);

  [[nodiscard]] int rank() const { return rank_; }
  [[nodiscard]] int size() const { return size_; }
  [[nodiscard]] int local_rank() const { return local_rank_; }  //!< among those of this machine
  [[nodiscard]] bool first() const { return rank_ == 0; }
  //! Ends all processes with this code, whatever they do.
  [[noreturn]] void abort(int code) const;
  // Of ranks that each walk on their own, between two meetings:
  void tell_stop() const;                 //!< to all others
  [[nodiscard]] bool heard_stop() const;  //!< from any of them, once for each

  // What follows all ranks do alike, or the run ends with an internal error. Waiting leaves the processor to others.

  //! What a rank says at a meeting.
  struct Word {
    std::uint64_t what;        //!< the kind of meeting
    std::uint64_t digest = 0;  //!< of what it believes all have in common
    std::uint64_t bytes = 0;   //!< that it will send
    std::uint64_t flag = 0;
    std::uint64_t spent = 0;  //!< processor time [ns]
  };
  //! [rank]. `idle`: called again and again while others are waited for.
  std::vector<Word> meet(const Word& mine, const std::function<void()>& idle = {}) const;
  //! What all have, one rank's after the other, whose lengths the meeting has told. In place of what `all` held.
  void exchange(std::span<const std::uint8_t> mine, const std::vector<Word>& met, std::vector<std::uint8_t>& all) const;

  void wait() const;                                            //!< until all are here
  std::string from_first(const std::string& text) const;        //!< the first rank's, on all
  std::vector<std::uint64_t> gather(std::uint64_t mine) const;  //!< [rank]
  void minimum(std::vector<std::uint8_t>& numbers) const;       //!< over all ranks; of equal length

 private:
  int rank_ = 0, size_ = 1, local_rank_ = 0;
};

}  // namespace gridqueue

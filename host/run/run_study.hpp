// A study from its feeder to a whole results file: what the command line calls, and what else wants to run one.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/allocate/study_sharing.hpp"
#include "host/answers/answer_store.hpp"
#include "host/outcome/queue_outcome.hpp"
#include "host/run/mpi_session.hpp"
#include "host/run/run_folder.hpp"
#include "host/study/study.hpp"

namespace gridqueue {

struct RunOptions {
  std::shared_ptr<Machine> machine{};      //!< that does the work; none = chosen by what follows
  std::shared_ptr<const Policy> policy{};  //!< what happens when a unit breaks a limit; none = the study's upgrades
  Backend backend = Backend::automatic;
  int threads = 0;                //!< 0 = all; changes no result
  std::vector<int> devices;       //!< CUDA devices; empty = the first; changes no result
  bool resume = false;            //!< go on with what an earlier run has left, where there is something
  bool force = false;             //!< replace a results file, and what an earlier run has left
  std::string command_line = "";  //!< for the file's provenance
  StudyOverrides overrides{};     //!< that the study holds already
  double max_seconds = 0;         //!< end early after so long; 0 = never
  double memory_bytes = 0;        //!< end with an error where more is taken; 0 = nearly all there is

  //! A folder of answers to use, and to add to; empty = those of the run alone.
  std::string answers{};
  double save_seconds = AnswerStore::kFirstSeconds;  //!< until answers are saved first; then ever less often
  bool keep_answers = false;                         //!< leave the run's answers beside the file
  std::optional<Shard> shard{};                      //!< walk this part alone, and write its answers only
  double wait_seconds = 60;                          //!< at most, for answers that another shard is working out
  std::string merge_from{};           //!< folder of the shards to make the file of; empty = this is a walk of its own
  const MpiSession* ranks = nullptr;  //!< that walk the same study at the same time; null = alone
};

struct RunEnd {
  bool interrupted = false;                    //!< --resume goes on; on all ranks
  std::optional<QueueSums> sums;               //!< of one queue, where its orders were walked now
  std::shared_ptr<const FileSharing> sharing;  //!< of the study's [allocation]
  AnswerCounts work;                           //!< of the walk
};

//! Walks the study's queue or queues into study.output.file and shares the costs out. The file appears when it is
//! whole: meanwhile answers are kept in a folder beside it (RunFolder), with which a run goes on that a signal, a kill
//! or a full disk has ended. A signal ends it with a file of what was done so far. Of several ranks, each evaluates a
//! part, and the first writes the file and shares out. Throws Error: input (a file that is there and neither replaced
//! nor gone on with), unavailable (a backend), numerics, interrupted (before the first order), output; unavailable,
//! too, where memory is short (memory_bytes): what was worked out is kept.
RunEnd run_study(const Study& study, const RunOptions& options);

const char* order_method_name(OrderMethod method);  //!< "random", "given", "all"

}  // namespace gridqueue

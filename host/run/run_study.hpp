// A study from its feeder to a whole results file: what the command line calls, and what else wants to run one.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/allocate/study_sharing.hpp"
#include "host/outcome/queue_outcome.hpp"
#include "host/study/study.hpp"

namespace gridqueue {

struct RunOptions {
  std::shared_ptr<Machine> machine{};      //!< that does the work; none = chosen by what follows
  std::shared_ptr<const Policy> policy{};  //!< what happens when a unit breaks a limit; none = the study's upgrades
  Backend backend = Backend::automatic;
  int threads = 0;                //!< 0 = all; changes no result
  std::vector<int> devices;       //!< CUDA devices; empty = the first; changes no result
  bool resume = false;            //!< go on with the study's results file, where there is one
  bool force = false;             //!< replace it
  std::string command_line = "";  //!< for the file's provenance
};

struct RunEnd {
  bool interrupted = false;                    //!< what is committed is in the file, and can be gone on with
  std::optional<QueueSums> sums;               //!< of one queue, where its orders were walked now
  std::shared_ptr<const FileSharing> sharing;  //!< of the study's [allocation]
};

//! Walks the study's queue or queues into study.output.file and shares the costs out. SIGINT and SIGTERM end it early
//! and whole. Throws Error: input (a file that is there and neither replaced nor gone on with), unavailable (a
//! backend), numerics, interrupted (before anything was committed).
RunEnd run_study(const Study& study, const RunOptions& options);

const char* order_method_name(OrderMethod method);  //!< "random", "given", "all"

}  // namespace gridqueue

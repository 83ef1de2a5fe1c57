// What the queues of a part come to: a results file of them, left in the part's folder by the process that walked them.
// Whoever makes the file of the run takes them from there, and walks none of them again.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "host/answers/answer_store.hpp"
#include "host/results/results_reader.hpp"
#include "host/run/order_batches.hpp"

namespace gridqueue {

struct KnownQueues {
  NumberRange range;  //!< rows 0, 1, ... of the file are these queues of the study
  std::shared_ptr<const ResultsReader> results;
};

//! Gives a finished file its name, which has a hash of its bytes. Throws Error(output).
void leave_queues(const std::string& temporary, const std::string& folder, const std::string& part);
//! Of all parts, ascending, none of them twice: of the same study, feeder and numeric build, as they were written;
//! others are told and left out. `others`: processes that must have the same ones, and ask alike.
std::vector<KnownQueues> queues_left(const std::string& folder, const Provenance& run,
                                     const ReadTogether* others = nullptr);
//! Whether they are queues 0 .. count - 1.
bool are_all(const std::vector<KnownQueues>& known, std::uint64_t count);
//! Takes them away.
void remove_queues(const std::string& folder);

}  // namespace gridqueue

// What a study's walk by several ranks needs beside the crew: what they must have in common, and what they share.
#pragma once
#include "host/answers/answer_store.hpp"
#include "host/run/mpi_crew.hpp"
#include "host/run/run_study.hpp"

namespace gridqueue {

bool is_ranked(const RunOptions& options);  //!< one of several ranks
//! `expected_evaluations` become this rank's; unless devices are named, it has that of its number on its machine.
void share_devices(EvaluatorOptions& options, const MpiSession& ranks);
//! That of a rank's number among those of its machine, where there are so many devices; none where there are none.
std::vector<int> device_of_rank(int local_rank, int devices);
//! `text`: all that the walk and its answers depend on. Throws Error(input) where a rank has another one.
void check_alike(const MpiSession& ranks, const std::string& text);
//! Segments that the first rank sees, and all could read.
ReadTogether read_by_ranks(const MpiSession& ranks);
//! How many of them share this machine's memory.
int ranks_here(const MpiSession& ranks);
//! The rank's part, where each walks alone.
Shard shard_of(const MpiSession& ranks);
//! Evaluations of all together, and of each.
AnswerCounts counts_of_all(const MpiSession& ranks, const AnswerCounts& own);

}  // namespace gridqueue

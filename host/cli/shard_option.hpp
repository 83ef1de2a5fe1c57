// The word after --shard.
#pragma once
#include <string>

#include "host/run/run_folder.hpp"

namespace gridqueue {

//! "i/N" with i from 1; "slurm": the task of a job array without gaps; "slurm/N": the task's number of N. Throws
//! Error(usage).
Shard parse_shard(const std::string& text);

}  // namespace gridqueue

#include "host/cli/shard_option.hpp"

#include <cstdlib>
#include <limits>
#include <optional>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

constexpr std::uint64_t kMostShards = 100'000;

std::optional<std::uint64_t> whole_number(const std::string& text) {
  if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != std::string::npos) return {};
  return std::strtoull(text.c_str(), nullptr, 10);
}

std::uint64_t slurm(const std::string& name) {
  const std::string variable = "SLURM_ARRAY_TASK_" + name;
  const char* text = std::getenv(variable.c_str());
  const auto number = text ? whole_number(text) : std::nullopt;
  if (!number)
    fail(ExitCode::usage,
         "--shard slurm needs the number {} (it is set in the tasks of a job array: sbatch --array=1-N)", variable);
  return *number;
}

Shard slurm_shard() {
  const std::uint64_t first = slurm("MIN"), last = slurm("MAX"), id = slurm("ID");
  if (last < first || id < first || id > last)
    fail(ExitCode::usage, "--shard slurm: task {} is not between {} and {}", id, first, last);
  if (slurm("COUNT") != last - first + 1)
    fail(
        ExitCode::usage,
        "--shard slurm: the array has {} tasks from {} to {}, so some are missing (their parts would be nobody's); use "
        "--shard slurm/N with the number of parts, and tasks numbered from 1",
        slurm("COUNT"), first, last);
  return {id - first + 1, last - first + 1};
}

}  // namespace

Shard parse_shard(const std::string& text) {
  if (text == "slurm") return slurm_shard();
  const std::size_t slash = text.find('/');
  const std::string part = text.substr(0, slash);
  const auto count = slash == std::string::npos ? std::nullopt : whole_number(text.substr(slash + 1));
  const auto index = part == "slurm" ? std::optional(slurm("ID")) : whole_number(part);
  if (!count || !index) fail(ExitCode::usage, "--shard '{}' is no part (i/N as in 3/16, slurm, or slurm/N)", text);
  if (*count < 1 || *count > kMostShards || *index < 1 || *index > *count)
    fail(ExitCode::usage, "--shard {}: there is no part {} of {} (parts are numbered from 1; at most {} of them)", text,
         *index, *count, kMostShards);
  return {*index, *count};
}

}  // namespace gridqueue

#include "host/run/rank_walk.hpp"

#include <algorithm>
#include <numeric>

#include "gridqueue/contracts.hpp"
#include "host/answers/hash.hpp"
#include "host/core/host_name.hpp"
#include "host/machine/cuda_machine.hpp"

namespace gridqueue {

bool is_ranked(const RunOptions& options) { return options.ranks && options.ranks->size() > 1; }

void share_devices(EvaluatorOptions& options, const MpiSession& ranks) {
  options.expected_evaluations /= ranks.size();
  if (options.devices.empty() && options.backend != Backend::cpu)
    options.devices = device_of_rank(ranks.local_rank(), devices_present());
}

std::vector<int> device_of_rank(int local_rank, int devices) {
  return devices > 0 ? std::vector<int>{local_rank % devices} : std::vector<int>{};
}

void check_alike(const MpiSession& ranks, const std::string& text) {
  const std::vector<std::uint64_t> all = ranks.gather(XXH3_64bits(text.data(), text.size()));
  for (std::size_t r = 1; r < all.size(); ++r)
    if (all[r] != all.front())
      fail_input(
          "rank {} has another study or feeder than rank 0, or computes on another kind of processor or device (their "
          "answers would differ); give all the same files, program and --backend",
          r);
}

int ranks_here(const MpiSession& ranks) {
  const std::string name = host_name();
  const std::uint64_t here = XXH3_64bits(name.data(), name.size());
  const std::vector<std::uint64_t> all = ranks.gather(here);
  return static_cast<int>(std::count(all.begin(), all.end(), here));
}

ReadTogether read_by_ranks(const MpiSession& ranks) {
  ReadTogether r;
  r.same_files = [&ranks](const std::vector<std::string>& mine) {
    std::string list;
    for (const std::string& file : mine) list += file + '\0';
    list = ranks.from_first(list);
    std::vector<std::string> files;
    for (std::size_t from = 0; from < list.size(); from = list.find('\0', from) + 1)
      files.emplace_back(list.c_str() + from);
    return files;
  };
  r.read_by_all = [&ranks](std::vector<std::uint8_t>& is_read) { ranks.minimum(is_read); };
  return r;
}

Shard shard_of(const MpiSession& ranks) {
  return {static_cast<std::uint64_t>(ranks.rank()) + 1, static_cast<std::uint64_t>(ranks.size())};
}

AnswerCounts counts_of_all(const MpiSession& ranks, const AnswerCounts& own) {
  AnswerCounts all = own;
  all.evaluated_by_rank = ranks.gather(own.evaluated);
  all.evaluated = std::accumulate(all.evaluated_by_rank.begin(), all.evaluated_by_rank.end(), std::uint64_t{0});
  return all;
}

}  // namespace gridqueue

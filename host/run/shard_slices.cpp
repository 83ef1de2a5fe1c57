#include "host/run/shard_slices.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "host/run/interrupt.hpp"
#include "host/walk/walk_tables.hpp"

namespace gridqueue {
namespace {

using namespace std::chrono_literals;
constexpr auto kFirstLook = 20ms, kLastLook = 1000ms;  //!< between two looks at the others, ever longer
//! Steps of a slice, by shard, that take less time than sharing them out through files.
constexpr std::size_t kAlone = 16;

//! By the units that its evaluations are of: steps that share evaluations share their shard, too.
std::uint64_t owner(const Walker& walker, StateUnit pair, std::uint64_t shards) {
  std::uint64_t h = shards;
  KeyHash::mix(h, walker.states()[pair.state.index()].in.with(pair.unit));
  return h % shards;
}

}  // namespace

void ShardSlices::work_out(const Walker& walker, std::span<const StateUnit> pairs) {
  ++slice_;
  if (shard_.count == 1 || pairs.size() < kAlone * shard_.count) return;
  consider_own(walker, pairs);
  store_.write();
  reporter_.at_slice(slice_, store_.folder().numbers_written());
  wait_for_others();
  store_.refresh();
}

void ShardSlices::consider_own(const Walker& walker, std::span<const StateUnit> pairs) const {
  const auto beside = walker.beside();
  std::vector<StateUnit> own;
  for (const StateUnit pair : pairs)
    if (owner(walker, pair, shard_.count) == shard_.index - 1)
      own.push_back({beside->adopt(walker, pair.state), pair.unit});
  if (!own.empty()) (void)beside->consider(own);
}

void ShardSlices::wait_for_others() const {
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(wait_seconds_);
  for (auto look = std::chrono::milliseconds(kFirstLook); others_behind();
       look = std::min<std::chrono::milliseconds>(2 * look, kLastLook)) {
    if (std::chrono::steady_clock::now() > until) return;
    check_interrupted();
    store_.tick();
    std::this_thread::sleep_for(look);
  }
}

//! One that ends has written before. What is written may not be seen yet.
bool ShardSlices::others_behind() const {
  const auto all = read_statuses(folder_);
  return std::any_of(all.begin(), all.end(), [&](const PartStatus& s) {
    if (s.part.find("-of-") == std::string::npos || s.part == reporter_.status().part) return false;
    return (s.slice < slice_ && s.alive()) || store_.folder().numbers_seen(s.part) < s.segments;
  });
}

}  // namespace gridqueue

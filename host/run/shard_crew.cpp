#include "host/run/shard_crew.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <thread>

#include "host/run/interrupt.hpp"

namespace gridqueue {
namespace {

using namespace std::chrono_literals;
constexpr auto kLook = 50ms;  //!< between two looks at the others' segments
//! States of a batch, by shard, that take less time than sharing them out through files.
constexpr std::size_t kAlone = 64;

}  // namespace

std::vector<std::size_t> ShardCrew::own(std::span<const StateKey> missing) {
  std::vector<std::size_t> mine;
  for (std::size_t i = 0; i < missing.size(); ++i)
    if (missing.size() < kAlone * shard_.count || missing[i].high % shard_.count == shard_.index - 1) mine.push_back(i);
  return mine;
}

Brought ShardCrew::exchange(AnswerStore& store, AnswerBook& book, std::span<const StateKey>, std::span<const Answer>,
                            std::span<const StateKey> rest) {
  if (!rest.empty()) wait_for(store, book, rest);
  Brought brought;
  for (const StateKey& key : rest) brought.push_back(book.find(key));
  return brought;
}

void ShardCrew::wait_for(AnswerStore& store, const AnswerBook& book, std::span<const StateKey> rest) const {
  store.write();
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(wait_seconds_);
  for (;;) {
    const bool waiting = others_alive();  // before looking: who ends now has written
    store.refresh();
    if (std::all_of(rest.begin(), rest.end(), [&](const StateKey& k) { return book.find(k).has_value(); })) return;
    if (!waiting || std::chrono::steady_clock::now() > until) return;
    check_interrupted();
    store.tick();
    std::this_thread::sleep_for(kLook);
  }
}

bool ShardCrew::others_alive() const {
  const auto all = read_statuses(folder_);
  return std::any_of(all.begin(), all.end(), [](const PartStatus& s) {
    return s.part.find("-of-") != std::string::npos && s.pid != getpid() && s.alive();
  });
}

}  // namespace gridqueue

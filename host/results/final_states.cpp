#include "host/results/final_states.hpp"

#include <algorithm>
#include <map>

namespace gridqueue {
namespace {

//! How likely an order ends in each state, by row of /state.
std::map<std::int64_t, double> end_probabilities(const h5::File& f, const ResultsInfo& info) {
  std::map<std::int64_t, double> ends;
  if (info.provenance.order_method == "all") {
    const auto state = f.read<std::int64_t>("distribution/end_state");
    const auto probability = f.read<double>("distribution/end_probability");
    for (std::size_t i = 0; i < state.size(); ++i) ends[state[i]] = probability[i];
    return ends;
  }
  const auto to = f.read_rows<std::int32_t>("step/to", 0, info.steps);
  constexpr std::size_t kRows = 100'000;  // at a time
  for (std::size_t first = 0; first < info.committed; first += kRows) {
    const auto taken =
        f.read_rows<std::int32_t>("order/step", first, std::min<std::size_t>(kRows, info.committed - first));
    for (std::size_t i = info.unit_bus.size(); i <= taken.size(); i += info.unit_bus.size())
      ends[to.at(static_cast<std::size_t>(taken[i - 1]))] += 1;
  }
  for (auto& [state, p] : ends) p /= static_cast<double>(info.committed);
  return ends;
}

}  // namespace

std::vector<FinalState> read_final_states(const h5::File& f, const ResultsInfo& info) {
  std::vector<FinalState> ends;
  const auto set = f.read<std::int32_t>("state/upgrade_set"), count = f.read<std::int32_t>("upgrade_set/line_count"),
             line = f.read<std::int32_t>("upgrade_set/line");
  const auto in = f.read<std::uint64_t>("state/in");
  const auto offset = f.read<std::int64_t>("upgrade_set/line_offset");
  const std::size_t words = f.shape("state/in").at(1);
  for (const auto& [state, p] : end_probabilities(f, info)) {
    const auto row = static_cast<std::size_t>(state);
    FinalState end{StateId(row), {}, UpgradeSetId(set.at(row)), {}, p};
    std::copy_n(in.begin() + static_cast<std::ptrdiff_t>(row * words), std::min(words, end.in.word.size()),
                end.in.word.begin());
    const auto first = static_cast<std::size_t>(offset.at(end.upgrades.index()));
    for (std::size_t i = 0; i < static_cast<std::size_t>(count.at(end.upgrades.index())); ++i)
      end.lines.emplace_back(line.at(first + i));
    ends.push_back(std::move(end));
  }
  sort_final_states(ends);
  return ends;
}

}  // namespace gridqueue

#include "host/run/share.hpp"

#include <optional>

#include "host/results/allocation.hpp"
#include "host/results/results_reader.hpp"
#include "host/run/progress.hpp"

namespace gridqueue {
namespace {

//! Evaluations for the two hosting capacities at a unit's bus: each search doubles a few times, then halves to 0.1 kW.
constexpr double kSearches = 2 * 20;

double expected_evaluations(const ResultsReader& results, const Network& network) {
  if (results.info().keeps_orders) return kSearches * static_cast<double>(results.info().unit_site.size());
  return kSearches * static_cast<double>(results.queues() * network.candidate_buses.size()) /
         4;  // equal searches are made once
}

}  // namespace

std::shared_ptr<const FileSharing> share_and_write(const std::string& results, const Network& network,
                                                   EvaluatorOptions options, const SharingTask& task) {
  options.precision = Precision::dual;  // difference quotients need it
  options.expected_evaluations = expected_evaluations(ResultsReader(results), network);
  const auto evaluator = make_evaluator(network, options);
  SharingOptions sharing;
  sharing.rules = task.rules;
  std::optional<Progress> progress;
  if (task.show_progress) progress.emplace("sharing");
  auto shared = share_results(results, *evaluator, task.policy, sharing, [&](std::size_t done, std::size_t all) {
    if (progress) progress->at(static_cast<double>(done) / static_cast<double>(all));
  });
  write_allocation(results, shared.queues);
  return std::make_shared<const FileSharing>(std::move(shared));
}

}  // namespace gridqueue

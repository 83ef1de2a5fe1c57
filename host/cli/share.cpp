#include "host/cli/share.hpp"

#include "host/results/allocation.hpp"
#include "host/results/results_reader.hpp"

namespace gridqueue {
namespace {

//! Evaluations for the two hosting capacities at a unit's bus: each search doubles a few times, then halves to 0.1 kW.
constexpr double kSearches = 2 * 20;

}  // namespace

std::shared_ptr<const StudySharing> share_and_write(const std::string& results, const Study& study, const Network& network,
                                                    EvaluatorOptions options, const std::vector<SharingRule>& rules) {
  options.precision = Precision::dual;  // difference quotients need it
  options.expected_evaluations = kSearches * static_cast<double>(ResultsReader(results).info().unit_bus.size());
  const auto evaluator = make_evaluator(network, options);
  SharingOptions sharing;
  sharing.rules = rules;
  auto shares = std::make_shared<const StudySharing>(share_results(results, *evaluator, study.upgrades, sharing));
  write_allocation(results, *shares);
  return shares;
}

}  // namespace gridqueue

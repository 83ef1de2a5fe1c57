#include "host/run/share.hpp"

#include "host/results/allocation.hpp"
#include "host/results/layout.hpp"
#include "host/results/queues_allocation.hpp"
#include "host/results/queues_reader.hpp"
#include "host/run/progress.hpp"

namespace gridqueue {
namespace {

//! Evaluations for the two hosting capacities at a unit's bus: each search doubles a few times, then halves to 0.1 kW.
constexpr double kSearches = 2 * 20;

double expected_evaluations(const std::string& results, bool many, const Network& network) {
  if (!many) return kSearches * static_cast<double>(ResultsReader(results).info().unit_bus.size());
  return kSearches * static_cast<double>(QueuesReader(results).info().run.committed * network.candidate_buses.size()) /
         4;  // equal searches are made once
}

FileSharing share(const std::string& results, bool many, Evaluator& evaluator, const UpgradeRules& upgrades,
                  const SharingOptions& options) {
  FileSharing sharing;
  sharing.many = many;
  if (many) {
    Progress progress("sharing");
    sharing.queues = share_queues(results, evaluator, upgrades, options, [&](std::size_t done, std::size_t all) {
      progress.at(static_cast<double>(done) / static_cast<double>(all));
    });
    write_queues_allocation(results, sharing.queues);
  } else {
    sharing.queues.push_back(share_results(results, evaluator, upgrades, options));
    write_allocation(results, sharing.queues.front());
  }
  return sharing;
}

}  // namespace

bool many_queues(const std::string& results) { return file_type(h5::File::open(results)) == layout::kQueuesFileType; }

std::shared_ptr<const FileSharing> share_and_write(const std::string& results, const Study& study,
                                                   const Network& network, EvaluatorOptions options,
                                                   const std::vector<SharingRule>& rules) {
  const bool many = many_queues(results);
  options.precision = Precision::dual;  // difference quotients need it
  options.expected_evaluations = expected_evaluations(results, many, network);
  const auto evaluator = make_evaluator(network, options);
  SharingOptions sharing;
  sharing.rules = rules;
  return std::make_shared<const FileSharing>(share(results, many, *evaluator, study.upgrades, sharing));
}

}  // namespace gridqueue

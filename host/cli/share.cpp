#include "host/cli/share.hpp"

#include "host/results/allocation.hpp"

namespace gridqueue {

std::shared_ptr<const StudySharing> share_and_write(const std::string& results, const Study& study, const Network& network,
                                                    EvaluatorOptions options, const std::vector<SharingRule>& rules) {
  options.precision = Precision::dual;  // difference quotients need it
  const auto evaluator = make_evaluator(network, options);
  SharingOptions sharing;
  sharing.rules = rules;
  auto shares = std::make_shared<const StudySharing>(share_results(results, *evaluator, study.upgrades, sharing));
  write_allocation(results, *shares);
  return shares;
}

}  // namespace gridqueue

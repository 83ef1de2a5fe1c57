// gridqueue allocate: who should pay.
#include <iostream>

#include "gridqueue/contracts.hpp"
#include "gridqueue/machine.hpp"
#include "host/allocate/basis_solver.hpp"
#include "host/cli/command.hpp"
#include "host/core/files.hpp"
#include "host/feeder/feeder_digest.hpp"
#include "host/feeder/feeder_file.hpp"
#include "host/policy/upgrade_policy.hpp"
#include "host/present/lp_report.hpp"
#include "host/present/rules_report.hpp"
#include "host/results/results_reader.hpp"
#include "host/run/share.hpp"
#include "host/study/references.hpp"

namespace gridqueue {
namespace {

//! Where the feeder of a results file is now.
std::string find_feeder(const AllocateArguments& a, const Provenance& from) {
  if (!a.feeder.empty()) return a.feeder;
  if (is_file(from.feeder_file)) return from.feeder_file;
  fail_input("the feeder of '{}' is not at '{}' (moved, or made on another machine); name it with --feeder FILE",
             a.results, from.feeder_file);
}

std::vector<SharingRule> chosen_rules(const AllocateArguments& a, const Study& study) {
  std::vector<SharingRule> rules;
  for (const std::string& name : a.rules) rules.push_back(rule_of_name(name));
  if (!rules.empty()) return rules;
  if (!study.allocation.rules.empty()) return study.allocation.rules;
  return {std::begin(kSharingRules), std::end(kSharingRules)};
}

//! The same model may have been imported again, with other options.
void check_content(const AllocateArguments& a, const Provenance& from, const Network& network,
                   const std::string& feeder) {
  if (const std::string now = feeder_digest(network); !from.feeder_digest.empty() && now != from.feeder_digest)
    fail_input(
        "'{}' is not what it was when '{}' was made (its content has the checksum {:.12} instead of {:.12}); name the "
        "feeder of then with --feeder FILE, or run the study again",
        feeder, a.results, now, from.feeder_digest);
}

void allocate_results(const AllocateArguments& a, const Common& common) {
  const Provenance from = read_provenance(open_results(a.results));
  const std::string feeder = find_feeder(a, from);
  const Study study = parse_study("study of " + a.results, from.study, feeder, from.tables);
  const auto rules = chosen_rules(a, study);
  const Network network = read_feeder(feeder);
  if (network.checksum != from.feeder_checksum)
    fail_input(
        "'{}' is another feeder than that of '{}' (checksum {:.12} instead of {:.12}); name the right one with "
        "--feeder FILE",
        feeder, a.results, network.checksum, from.feeder_checksum);
  check_content(a, from, network, feeder);
  EvaluatorOptions options = study_options(study, network);
  set_backend(options, common, 0);
  const auto sharing =
      share_beside(a.results, network, options,
                   {upgrade_policy(network, options.monitors, study.upgrades), rules, study.many_queues()});
  if (common.json) {
    std::cout << sharing_text(*sharing, a.results) << '\n';
  } else {
    print_sharing(*sharing, std::cout);
    std::cout << fmt::format("\nThe shares are in '{}' (/allocation).\n", a.results);
  }
}

}  // namespace

void commands::allocate(const AllocateArguments& a, const Common& common) {
  if (a.results.empty() == a.lps.empty()) fail(ExitCode::usage, "allocate needs either a results file or --lp FILE");
  if (!a.results.empty()) return allocate_results(a, common);
  if (!a.rules.empty() || !a.feeder.empty())
    fail(ExitCode::usage, "--rule and --feeder belong to a results file, not to --lp");
  if (common.threads != 0 || !common.devices.empty())
    fail(ExitCode::usage, "--threads and --devices have no effect with --lp (one thread, or the first device)");
  EvaluatorOptions options;
  set_backend(options, common, 0);
  run_allocate_lp(a.lps, *choose_machine(options)->basis_solver(), common.json, std::cout);
}

}  // namespace gridqueue

// The group /allocation of a results file: who should pay, by each sharing rule. docs/results-format.md lists it.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "host/allocate/study_sharing.hpp"
#include "host/hdf5/h5.hpp"

namespace gridqueue {

//! Shares out what the orders of every queue of the file came to. `evaluator`: sharing_evaluator() of the study's
//! feeder, limits and monitors; `tell(done, all)`: queues. Of many queues the programs' matrices are not kept. Throws
//! Error(input) where no queue has a complete order, or a method "all" has not come to its end.
FileSharing share_results(const std::string& path, Evaluator& evaluator, const std::shared_ptr<const Policy>& policy,
                          const SharingOptions& options,
                          const std::function<void(std::size_t done, std::size_t all)>& tell = {});

//! Replaces the group of an older allocation; nothing else of the file changes. All queues have the same rules.
void write_allocation(const std::string& path, const std::vector<StudySharing>& queues);

//! Names of the rules the file has shares of; empty without the group.
std::vector<std::string> allocated_rules(const h5::File& file);

}  // namespace gridqueue

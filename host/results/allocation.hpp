// The group /allocation of a results file: who should pay, by each sharing rule. docs/results-format.md lists it.
#pragma once
#include <string>
#include <vector>

#include "host/allocate/study_sharing.hpp"
#include "host/hdf5/h5.hpp"

namespace gridqueue {

constexpr const char* kAllocationGroup = "allocation";

//! Shares out what the file's orders came to. `evaluator`: sharing_evaluator() of the study's feeder, limits and
//! monitors. Throws Error(input) where the file has no complete order.
StudySharing share_results(const std::string& path, Evaluator& evaluator, const UpgradeRules& upgrades,
                           const SharingOptions& options);

//! Replaces the group of an older allocation; nothing else of the file changes.
void write_allocation(const std::string& path, const StudySharing& sharing);

//! Names of the rules the file has shares of; empty without the group.
std::vector<std::string> allocated_rules(const h5::File& file);

}  // namespace gridqueue

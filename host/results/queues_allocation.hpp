// The group /allocation of a file of many queues: who should pay in each, and how far each rule is from the mean
// over orders.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "host/allocate/study_sharing.hpp"

namespace gridqueue {

//! Shares out what the orders of every queue came to. `evaluator`: sharing_evaluator() of the study's feeder, limits
//! and monitors; `tell(done, all)`: queues. The programs' matrices are not kept. Throws Error(input) where the file has
//! no queue.
std::vector<StudySharing> share_queues(const std::string& path, Evaluator& evaluator, const UpgradeRules& upgrades,
                                       const SharingOptions& options,
                                       const std::function<void(std::size_t done, std::size_t all)>& tell = {});

//! Replaces the group of an older allocation. All queues have the same rules.
void write_queues_allocation(const std::string& path, const std::vector<StudySharing>& queues);

}  // namespace gridqueue

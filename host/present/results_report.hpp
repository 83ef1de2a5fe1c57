// What `gridqueue run` and `gridqueue show` print of a results file.
#pragma once
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "host/allocate/study_sharing.hpp"
#include "host/answers/answer_store.hpp"
#include "host/results/results_reader.hpp"

namespace gridqueue {

//! What all orders of the one queue say, or all of many queues. `sums`: where they are known already; nothing is
//! printed of a file that has no order yet. `work`: of the walk that wrote it just now.
void report_results(const ResultsReader& results, bool json, std::optional<QueueSums> sums = {},
                    const std::shared_ptr<const FileSharing>& sharing = {}, const AnswerCounts* work = nullptr);
//! One queue of many, or of one.
void report_queue(const ResultsReader& results, std::uint64_t queue, bool json);

}  // namespace gridqueue

// The walk of `gridqueue run` over many random queues (queue.random.queues), group by group of queues.
#pragma once
#include "host/cli/run_walk.hpp"
#include "host/cli/share.hpp"
#include "host/cli/study_model.hpp"
#include "host/results/provenance.hpp"
#include "host/study/study.hpp"

namespace gridqueue {

//! Draws the queues (in AC, `drawing`), walks orders of each, and writes what they say; with `resume` goes on where the
//! file ends.
void run_queues(const Study& study, StudyModel& model, Evaluator& drawing, WalkClock& clock,
                const Provenance& provenance, bool resume);

//! What the file says: of all queues, or of one.
void report_queues(const std::string& path, bool json, const std::shared_ptr<const FileSharing>& sharing = {});
void report_queue(const std::string& path, std::uint64_t queue, bool json);

}  // namespace gridqueue

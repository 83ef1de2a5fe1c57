// The walk of `gridqueue run` over many random queues (queue.random.queues), group by group of queues.
#pragma once
#include "host/results/provenance.hpp"
#include "host/run/run_walk.hpp"
#include "host/run/share.hpp"
#include "host/run/study_model.hpp"
#include "host/study/study.hpp"

namespace gridqueue {

//! Draws the queues (in AC, `drawing`), walks orders of each, and writes what they say; with `resume` goes on where the
//! file ends.
void run_queues(const Study& study, StudyModel& model, Evaluator& drawing, WalkClock& clock,
                const Provenance& provenance, bool resume);

}  // namespace gridqueue

// What a run knows before it walks: where it comes from, how much work it is, what it would write over.
#pragma once
#include <string>
#include <vector>

#include "gridqueue/evaluation.hpp"
#include "gridqueue/machine.hpp"
#include "host/queue/queue.hpp"
#include "host/results/provenance.hpp"
#include "host/run/run_study.hpp"

namespace gridqueue {

//! Of all of the study's queues, roughly.
double expected_evaluations(const Study& study);
Provenance provenance(const Study& study, const Network& network, const Machine& machine, const RunOptions& options);
//! One listed or drawn, or many drawn.
std::vector<Queue> make_queues(const Study& study, const Network& network, Evaluator& evaluator);
//! What an earlier run left is not lost unasked: throws Error(input).
void refuse_overwriting(const RunFolder& folder, const RunOptions& options);
//! "run", "merge", "3-of-16", "rank-2".
std::string part_name(const RunOptions& options);

}  // namespace gridqueue

// What a walk says of a state without a solution of the power flow.
#pragma once
#include <string>

#include "host/walk/walker.hpp"

namespace gridqueue {

//! One of those that the walker has met, chosen by its units and lines alone: what stands there, and the step and the
//! node or control at which it has no solution. "" where AC has one for it, or there is none.
std::string unsolved_state(Evaluator& evaluator, const Walker& walker);

}  // namespace gridqueue

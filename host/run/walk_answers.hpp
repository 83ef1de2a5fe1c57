// Which answers a run may use: what they depend on, in words.
#pragma once
#include <string>

#include "gridqueue/evaluation.hpp"
#include "host/linear/linear_evaluator.hpp"

namespace gridqueue {

//! Of an AC evaluator: feeder content and the evaluator's own terms; the limits, too, where it has no answer source.
std::string ac_terms(Evaluator& ac);
//! Its hash, as text.
std::string answers_hash(Evaluator& ac);
//! Of a linear model in front of it: model, scope and limits as well.
std::string linear_terms(Evaluator& ac, const LinearOptions& options);

}  // namespace gridqueue

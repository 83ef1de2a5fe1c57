// A state's answer as bytes: the output rows of its day, so that it can be judged again by other limits. Host only.
#pragma once
#include <span>
#include <string>

#include "kernels/ac/quantities.hpp"

namespace gridqueue {

//! One bit per output row, then the rows that are not zero, as the kernel left them. Voltage changes that no judge of
//! these terms looks at are left out.
template <class Real>
Answer pack_answer(const CompiledFeeder<Real>& feeder, const RowReader<Real>& row, const Limits& limits,
                   const Thresholds& pass);

//! As read_quantities() of the rows that were packed. Throws Error(input) where the bytes are no answer of this feeder.
template <class Real>
Quantities judge_answer(const CompiledFeeder<Real>& feeder, const Network& network,
                        std::span<const std::uint8_t> answer, const Limits& limits, const Thresholds& pass);

//! AnswerSource::answer_terms(). `build`: numeric_build(), or what a device calls itself.
template <class Real>
std::string answer_terms(const CompiledFeeder<Real>& feeder, const EvaluatorOptions& options, const Thresholds& pass,
                         const std::string& build);

//! What the bits of an evaluation on this CPU depend on: vectors and compiler, or "portable".
std::string numeric_build();

}  // namespace gridqueue

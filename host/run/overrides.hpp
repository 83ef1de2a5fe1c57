// What the command line says of a study in place of its file.
#pragma once
#include <cstdint>
#include <optional>

#include "host/study/study.hpp"

namespace gridqueue {

struct StudyOverrides {
  std::optional<std::uint64_t> orders, seed, max_states;
};

//! Throws Error(usage) for what would have no effect, or what the study cannot be asked for.
void apply(const StudyOverrides& overrides, Study& study);

}  // namespace gridqueue

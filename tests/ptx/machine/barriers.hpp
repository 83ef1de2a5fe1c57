// Barriers of the kernels that run, any of which can be left out, so that a test sees whether what it orders is missed.
// Votes of a block are none of them: they bring a result.
#pragma once
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace ptx {

//! The kernel's symbol, the line of its PTX.
using Barrier = std::pair<std::string, std::uint32_t>;

//! From now on those that threads come to are noted.
void note_barriers();
//! What was noted; from now on nothing is.
std::set<Barrier> noted_barriers();
//! From now on threads go on at this one as if it were not there; nothing: they wait at all.
void leave_out(std::optional<Barrier> barrier);
//! Whether the active thread waits at its barrier in `line`.
bool waits_at(std::uint32_t line);

}  // namespace ptx

// A linear program as a TOML file (docs/allocation.md):
//   name = "..."                            # optional
//   [[variable]]  name, cost = 0, lower = 0, upper = inf
//   [[row]]       name, terms = { variable = coefficient, ... } or a table [row.terms], and equal = b or lower and / or
//   upper
#pragma once
#include "host/allocate/linear_program.hpp"

namespace gridqueue {

//! Throws Error(input): "file:line: place: problem (why); suggestion".
LinearProgram read_lp_file(const std::string& path);
//! The same from a text; `path` is for messages.
LinearProgram parse_lp(const std::string& text, const std::string& path);

}  // namespace gridqueue

// A load shape as a text: one number a line.
#pragma once
#include <string>
#include <vector>

namespace gridqueue {

//! The numbers of `text`, at least one; a heading and empty lines count as nothing. Throws Error(input) that names the
//! line of `path`.
std::vector<double> parse_shape_csv(const std::string& text, const std::string& path);

}  // namespace gridqueue

// Files named by people: whatever a path leads to, reading it ends soon.
#pragma once
#include <cstddef>
#include <string>

namespace gridqueue {

constexpr std::size_t kLargestText = std::size_t{16} << 20;  //!< [bytes] of a study or a linear program

//! All of a text file; throws Error(input) where there is none, it is no file (a folder, a pipe, a device), cannot be
//! read, or is larger than that. `what`: "study".
std::string read_text_file(const std::string& path, const std::string& what);

//! Throws Error(input) where something stands at `path` that a file cannot replace: a folder, a pipe, a device, links
//! in a circle.
void check_can_be_file(const std::string& path);
//! Throws Error(input) where the folder that it would lie in is not there.
void check_has_folder(const std::string& path);
//! The file to replace where `path` is to be written: that which a symbolic link leads to, so that it stays a link.
std::string file_behind(const std::string& path);

//! Whether there is a file; false of what cannot be looked at.
bool is_file(const std::string& path);

}  // namespace gridqueue

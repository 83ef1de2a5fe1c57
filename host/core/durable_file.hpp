// Files that are whole or not there: written under another name, synced, renamed. A kill or a full disk at any moment
// leaves what was there before.
#pragma once
#include <cstdint>
#include <span>
#include <string>

namespace gridqueue {

// Each throws Error(output) with the system's reason.

//! Replaces `path` by these bytes; `temporary` (in the same folder) is what is written first, and is gone afterwards.
void write_durably(const std::string& temporary, const std::string& path, std::span<const std::uint8_t> bytes);
//! The same, but never over a file that is there: false where one is, and nothing has changed.
bool write_new_durably(const std::string& temporary, const std::string& path, std::span<const std::uint8_t> bytes);
//! Gives a finished file its name, in place of what has it now.
void publish_file(const std::string& temporary, const std::string& path);

//! Where there is none; the folder that it lies in must be there. Throws Error(input) where something else has the
//! name, or nothing can be made there.
void make_folder(const std::string& path);

}  // namespace gridqueue

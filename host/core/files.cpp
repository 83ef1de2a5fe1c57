#include "host/core/files.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "gridqueue/contracts.hpp"

namespace gridqueue {

namespace fs = std::filesystem;

bool is_file(const std::string& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

std::string read_text_file(const std::string& path, const std::string& what) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status) && (!error || error == std::errc::no_such_file_or_directory))
    fail_input("no such {} '{}'", what, path);
  if (!fs::exists(status)) fail_input("cannot read the {} '{}' ({}); check the path", what, path, error.message());
  if (!fs::is_regular_file(status))
    fail_input("the {} '{}' is no file (a folder, a pipe or a device); name a file", what, path);
  if (const auto size = fs::file_size(path, error); !error && size > kLargestText)
    fail_input("the {} '{}' has {} MB (at most {} MB are read); is it another file?", what, path, size >> 20,
               kLargestText >> 20);
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (in && in.peek() != std::ifstream::traits_type::eof()) text << in.rdbuf();
  if (!in && !in.eof()) fail_input("cannot read the {} '{}' (no permission, or an I/O error)", what, path);
  return text.str();
}

void check_can_be_file(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::exists(status) && !fs::is_regular_file(status))
    fail_input("'{}' is no file (a folder, a pipe or a device), so nothing is written there; name another", path);
  if (error && error != std::errc::no_such_file_or_directory)
    fail_input("cannot write '{}' ({}); name another file", path, error.message());
}

void check_has_folder(const std::string& path) {
  if (const fs::path folder = fs::path(path).parent_path(); !folder.empty() && !fs::is_directory(folder))
    fail_input("cannot write '{}' (there is no folder '{}')", path, folder.string());
}

std::string file_behind(const std::string& path) {
  return fs::is_symlink(path) && fs::exists(path) ? fs::canonical(path).string() : path;
}

}  // namespace gridqueue

// A file name of its own for a test; the file is removed afterwards.
#pragma once
#include <filesystem>
#include <random>
#include <string>

namespace gridqueue::test {

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& name)
      : path_(std::filesystem::temp_directory_path() /
              ("gridqueue-" + std::to_string(std::random_device{}()) + "-" + name)) {}
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace gridqueue::test

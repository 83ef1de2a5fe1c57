// Study files of a test, written into a folder of their own with an empty feeder beside them.
#pragma once
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

namespace gridqueue::test {

class StudyFolder {
 public:
  StudyFolder()
      : path_(std::filesystem::temp_directory_path() / ("gridqueue-study-" + std::to_string(std::random_device{}()))) {
    std::filesystem::create_directories(path_);
    std::ofstream(path_ / "feeder.h5") << "";
  }
  ~StudyFolder() { std::filesystem::remove_all(path_); }
  StudyFolder(const StudyFolder&) = delete;
  StudyFolder& operator=(const StudyFolder&) = delete;

  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] std::string write(const std::string& text) const {
    std::ofstream(path_ / "study.toml") << text;
    return (path_ / "study.toml").string();
  }

 private:
  std::filesystem::path path_;
};

}  // namespace gridqueue::test

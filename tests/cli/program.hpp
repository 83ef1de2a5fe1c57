// Runs the built program as a user does.
#pragma once
#include <string>

namespace gridqueue::test {

struct Outcome {
  int code = -1;         //!< exit code
  std::string out, err;  //!< what it printed
};

//! `arguments` as typed in a shell, in the repository's root.
Outcome gridqueue(const std::string& arguments);
//! Any shell command there; $GQ is the program.
Outcome shell(const std::string& command);

//! A folder of its own for a test, removed afterwards.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  //! Writes a study into the folder; returns its path.
  [[nodiscard]] std::string study(const std::string& text) const;

 private:
  std::string path_;
};

//! Two units at the end of the radial feeder's main line; the second one always triggers.
std::string small_study(const std::string& orders = "count = 50\n");

}  // namespace gridqueue::test

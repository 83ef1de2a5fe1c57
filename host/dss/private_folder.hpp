// A folder for what OpenDSS writes, that is gone however this program ends.
#pragma once
#include <sys/types.h>

#include <string>

namespace gridqueue {

//! A process of its own keeps it: where this one ends without the destructor, by any signal, that process removes the
//! folder as soon as the children that use it (run_isolated) have ended too.
class PrivateFolder {
 public:
  //! Throws Error(unavailable) where no folder can be made.
  PrivateFolder();
  ~PrivateFolder();
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string at(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
  int life_[2] = {-1, -1};  //!< a pipe: its end, or a word, tells the keeper
  pid_t keeper_ = -1;
};

}  // namespace gridqueue

#include "host/dss/private_folder.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

namespace fs = std::filesystem;

void remove(const std::string& folder) {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

//! Waits for a word or for the end of all who hold the pipe's other end. In a session of its own, a terminal's Ctrl-C
//! does not reach it.
[[noreturn]] void keep(const std::string& folder, int life) {
  ::setsid();
  char word = 0;
  while (::read(life, &word, 1) < 0 && errno == EINTR) {
  }
  remove(folder);
  ::_exit(0);
}

}  // namespace

PrivateFolder::PrivateFolder() {
  std::error_code error;
  const fs::path place = fs::temp_directory_path(error);
  std::string name = ((error ? fs::path("/tmp") : place) / "gridqueue-dss-XXXXXX").string();
  if (!::mkdtemp(name.data())) fail(ExitCode::unavailable, "cannot make a folder like '{}' (set TMPDIR)", name);
  path_ = name;
  if (::pipe2(life_, O_CLOEXEC) != 0) {
    remove(path_);
    fail(ExitCode::internal, "cannot make a pipe");
  }
  std::fflush(nullptr);
  keeper_ = ::fork();
  if (keeper_ != 0) return;
  ::close(life_[1]);
  keep(path_, life_[0]);
}

PrivateFolder::~PrivateFolder() {
  if (keeper_ > 0) {
    const ssize_t told = ::write(life_[1], "e", 1);
    while (told == 1 && ::waitpid(keeper_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  ::close(life_[0]);
  ::close(life_[1]);
  remove(path_);  // where there was no keeper
}

}  // namespace gridqueue

#include "host/core/durable_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

[[noreturn]] void storage_failed(const char* what, const std::string& path) {
  fail(ExitCode::output, "cannot {} '{}' ({})", what, path, std::strerror(errno));
}

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags) : path_(path), fd_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {
    if (fd_ < 0) storage_failed("open", path);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  void write(std::span<const std::uint8_t> bytes) const {
    while (!bytes.empty()) {
      const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) storage_failed("write", path_);
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
  }
  void sync() const {
    if (::fsync(fd_) != 0) storage_failed("write", path_);
  }
  //! Some file systems report a full disk only here.
  void close() {
    if (::close(std::exchange(fd_, -1)) != 0) storage_failed("write", path_);
  }

 private:
  std::string path_;
  int fd_;
};

//! So that the name survives, too; some file systems cannot sync a folder, and need not.
void sync_folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  const bool lost = ::fsync(fd) != 0 && errno == EIO;
  ::close(fd);
  if (lost) storage_failed("write the folder of", path);
}

//! Takes a half-written file away when something fails.
class Temporary {
 public:
  explicit Temporary(const std::string& path) : path_(path) {}
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() { ::unlink(path_.c_str()); }  // gone already where it was renamed

 private:
  const std::string& path_;
};

void write_and_sync(const std::string& path, std::span<const std::uint8_t> bytes) {
  Descriptor file(path, O_WRONLY | O_CREAT | O_TRUNC);
  file.write(bytes);
  file.sync();
  file.close();
}

void rename_to(const std::string& temporary, const std::string& path) {
  if (std::rename(temporary.c_str(), path.c_str()) != 0) storage_failed("rename to", path);
  sync_folder_of(path);
}

}  // namespace

void write_durably(const std::string& temporary, const std::string& path, std::span<const std::uint8_t> bytes) {
  const Temporary gone(temporary);
  write_and_sync(temporary, bytes);
  rename_to(temporary, path);
}

bool write_new_durably(const std::string& temporary, const std::string& path, std::span<const std::uint8_t> bytes) {
  const Temporary gone(temporary);
  write_and_sync(temporary, bytes);
  if (::link(temporary.c_str(), path.c_str()) == 0) {
    sync_folder_of(path);
    return true;
  }
  if (errno == EEXIST) return false;
  if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS && errno != EMLINK) storage_failed("name", path);
  if (std::filesystem::exists(path)) return false;  // a file system without hard links
  rename_to(temporary, path);
  return true;
}

void publish_file(const std::string& temporary, const std::string& path) {
  Descriptor(temporary, O_RDONLY).sync();
  rename_to(temporary, path);
}

void make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directory(path, error);
  if (error == std::errc::no_space_on_device || error == std::errc::io_error)
    fail(ExitCode::output, "cannot make the folder '{}' ({})", path, error.message());
  if (error) fail_input("cannot make the folder '{}' ({})", path, error.message());
  if (!std::filesystem::is_directory(path)) fail_input("'{}' is no folder", path);
}

}  // namespace gridqueue

#include "host/dss/isolate.hpp"

#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/dss/confine.hpp"
#include "host/dss/doing.hpp"

namespace gridqueue {
namespace {

void write_all(int fd, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n <= 0) ::_exit(1);
    done += static_cast<std::size_t>(n);
  }
}

std::string read_all(int fd) {
  std::string text;
  char buffer[65536];
  for (;;) {
    const ssize_t n = ::read(fd, buffer, sizeof buffer);
    if (n > 0) text.append(buffer, static_cast<std::size_t>(n));
    else if (n == 0 || errno != EINTR) return text;
  }
}

//! Text that a child process leaves where this one reads it, also when it dies.
class LastWords {
 public:
  LastWords() {
    void* page = ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return;
    text_ = static_cast<char*>(page);
    writing = text_;
  }
  ~LastWords() {
    writing = nullptr;
    if (text_) ::munmap(text_, kSize);
  }
  LastWords(const LastWords&) = delete;
  LastWords& operator=(const LastWords&) = delete;

  static void write(const std::string& words) {
    if (!writing) return;
    const std::size_t length = std::min(words.size(), kSize - 1);
    std::memcpy(writing, words.data(), length);
    writing[length] = 0;
  }
  [[nodiscard]] std::string read() const { return text_ ? text_ : ""; }

 private:
  static constexpr std::size_t kSize = 1024;
  static thread_local char* writing;
  char* text_ = nullptr;
};
thread_local char* LastWords::writing = nullptr;

//! OpenDSS may work for minutes; nobody waits for it where `parent` is gone.
void end_with(pid_t parent) {
#ifdef __linux__
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  if (::getppid() != parent) ::_exit(1);
}

//! First byte: '0' and the result, or the exit code of an Error ('0' + code) and its message.
[[noreturn]] void child(int fd, const PrivateFolder& folder, const std::function<std::string()>& work) {
  try {
    if (!keep_writes_in(folder.path()))
      log_warn("this system lacks seccomp filters: what the model's own Export or Save writes may land beside it");
    write_all(fd, fmt::format("0{}", work()));
  } catch (const Error& e) {
    write_all(fd, fmt::format("{}{}", static_cast<int>(e.code()), e.what()));
  } catch (const std::exception& e) {
    write_all(fd, fmt::format("1{}", e.what()));
  }
  ::_exit(0);
}

}  // namespace

void note_doing(const std::string& text) { LastWords::write(text); }

std::string run_isolated(const std::function<std::string()>& work) {
  const PrivateFolder folder;
  return run_isolated(folder, work);
}

std::string run_isolated(const PrivateFolder& folder, const std::function<std::string()>& work) {
  int fds[2];
  if (::pipe(fds) != 0) fail(ExitCode::internal, "cannot make a pipe");
  const LastWords last_words;
  std::fflush(nullptr);
  const pid_t parent = ::getpid(), pid = ::fork();
  if (pid < 0) fail(ExitCode::internal, "cannot fork");
  if (pid == 0) {
    end_with(parent);
    ::close(fds[0]);
    child(fds[1], folder, work);
  }
  ::close(fds[1]);
  const std::string answer = read_all(fds[0]);
  ::close(fds[0]);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (answer.empty())
    fail(ExitCode::input, "OpenDSS ended without an answer ({}){}",
         WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status))
                             : fmt::format("exit code {}", WEXITSTATUS(status)),
         last_words.read().empty() ? "" : fmt::format(" at '{}'", last_words.read()));
  const auto code = static_cast<ExitCode>(answer[0] - '0');
  if (code != ExitCode::ok) throw Error(code, answer.substr(1));
  return answer.substr(1);
}

}  // namespace gridqueue

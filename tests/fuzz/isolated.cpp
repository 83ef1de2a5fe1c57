#include "tests/fuzz/isolated.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "host/cli/app.hpp"

#if defined(__SANITIZE_ADDRESS__)
// A report ends the child with a code that no command has; leaks of a process that ends at once mean nothing.
extern "C" const char* __asan_default_options() {
  return "exitcode=99:detect_leaks=0:allocator_may_return_null=0:max_allocation_size_mb=1000";
}
extern "C" const char* __ubsan_default_options() { return "halt_on_error=1:exitcode=99"; }
#endif

namespace gridqueue::fuzz {
namespace {

using Clock = std::chrono::steady_clock;

std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void redirect(int to, const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(file, to);
  ::close(file);
}

//! Allocations beyond the memory allowed fail at once, instead of filling the machine.
void limit_memory() {
#if !defined(__SANITIZE_ADDRESS__)
  const rlimit memory{std::size_t{3} << 30, std::size_t{3} << 30};
  ::setrlimit(RLIMIT_AS, &memory);
#endif
  const rlimit work{static_cast<rlim_t>(kWork), static_cast<rlim_t>(kWork)};
  ::setrlimit(RLIMIT_CPU, &work);
  const rlimit none{0, 0}, file{std::size_t{1} << 30, std::size_t{1} << 30};
  ::setrlimit(RLIMIT_CORE, &none);
  ::setrlimit(RLIMIT_FSIZE, &file);
}

[[noreturn]] void be_the_program(const Command& words, const std::string& out, const std::string& err,
                                 const std::function<int(const Command&)>& program) {
  redirect(STDOUT_FILENO, out);
  redirect(STDERR_FILENO, err);
  limit_memory();
  const int code = program(words);
  std::cout.flush();
  std::fflush(nullptr);
  ::_exit(code);
}

bool ends_within(pid_t child, double seconds) {
  const int watched = static_cast<int>(::syscall(SYS_pidfd_open, child, 0));
  pollfd end{watched, POLLIN, 0};
  const bool ended = ::poll(&end, 1, static_cast<int>(1000 * seconds)) == 1;
  ::close(watched);
  return ended;
}

}  // namespace

int run_words(const Command& words) {
  Command all{"gridqueue"};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> argv;
  for (std::string& w : all) argv.push_back(w.data());
  argv.push_back(nullptr);
  return run_app(static_cast<int>(all.size()), argv.data());
}

Ending run_isolated(const Command& words, const std::string& folder,
                    const std::function<int(const Command&)>& program) {
  const std::string out = folder + "/stdout", err = folder + "/stderr";
  std::fflush(nullptr);
  const auto start = Clock::now();
  const pid_t child = ::fork();
  if (child == 0) be_the_program(words, out, err, program);
  Ending e;
  if (!ends_within(child, kPatience) && words[0] == "run") e.stopped = true, ::kill(child, SIGTERM);
  if (!ends_within(child, kHang)) ::kill(child, SIGKILL);
  int status = 0;
  rusage used{};
  ::wait4(child, &status, 0, &used);
  e.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  e.megabytes = static_cast<double>(used.ru_maxrss) / 1024;
  if (WIFEXITED(status)) e.code = WEXITSTATUS(status);
  else e.signal = WTERMSIG(status);
  e.out = text_of(out), e.err = text_of(err);
  return e;
}

}  // namespace gridqueue::fuzz

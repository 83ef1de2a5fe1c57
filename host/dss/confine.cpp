#include "host/dss/confine.hpp"

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <vector>

namespace gridqueue {
namespace {

#ifdef __x86_64__
constexpr unsigned kArchitecture = AUDIT_ARCH_X86_64;
#else
constexpr unsigned kArchitecture = AUDIT_ARCH_AARCH64;
#endif
constexpr long kOurs = 0x67717773;  //!< sixth argument of the handler's own calls; the filter lets them through
constexpr long kWrites = O_ACCMODE | O_CREAT | O_TRUNC;
constexpr std::size_t kLongest = 4096;
constexpr off_t kMostCopied = off_t{64} << 20;  //!< larger files are opened to be read
char g_folder[kLongest];

struct Call {
  long number;
  long argument[5];
};

long& result_of(ucontext_t& context) {
#ifdef __x86_64__
  return reinterpret_cast<long&>(context.uc_mcontext.gregs[REG_RAX]);
#else
  return reinterpret_cast<long&>(context.uc_mcontext.regs[0]);
#endif
}

Call call_of(const siginfo_t& info, const ucontext_t& context) {
#ifdef __x86_64__
  const auto& r = context.uc_mcontext.gregs;
  return {info.si_syscall, {r[REG_RDI], r[REG_RSI], r[REG_RDX], r[REG_R10], r[REG_R8]}};
#else
  const auto& r = context.uc_mcontext.regs;
  return {info.si_syscall,
          {static_cast<long>(r[0]), static_cast<long>(r[1]), static_cast<long>(r[2]), static_cast<long>(r[3]),
           static_cast<long>(r[4])}};
#endif
}

long pass_on(const Call& c) {
  const long* a = c.argument;
  const long answer = ::syscall(c.number, a[0], a[1], a[2], a[3], a[4], kOurs);
  return answer < 0 ? -errno : answer;
}

const char* text(long address) { return reinterpret_cast<const char*>(address); }

bool inside(const char* path) {
  const std::size_t length = std::strlen(g_folder);
  const bool below = std::strncmp(path, g_folder, length) == 0 && path[length] == '/' && !std::strstr(path, "/../");
  return below || std::strncmp(path, "/dev/", 5) == 0;
}

//! The last part of a path, in our folder. What is too long is cut off.
void move_inside(const char* path, char (&moved)[kLongest]) {
  const char* name = std::strrchr(path, '/');
  name = name ? name + 1 : path;
  const std::size_t length = std::strlen(g_folder), rest = std::min(std::strlen(name), kLongest - length - 2);
  std::memcpy(moved, g_folder, length);
  moved[length] = '/';
  std::memcpy(moved + length + 1, name, rest);
  moved[length + 1 + rest] = 0;
}

//! So that what would change a file that is there changes ours.
bool copy_inside(long directory, const char* path, const char* moved) {
  const auto from = static_cast<int>(::syscall(SYS_openat, directory, path, O_RDONLY | O_CLOEXEC));
  struct stat file {};
  if (from < 0) return false;
  const bool copied = ::fstat(from, &file) == 0 && S_ISREG(file.st_mode) && file.st_size <= kMostCopied;
  const long flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
  const auto to = copied ? static_cast<int>(::syscall(SYS_openat, AT_FDCWD, moved, flags, 0600, 0, kOurs)) : -1;
  char buffer[4096];
  ssize_t some = to < 0 ? -1 : 1;
  while (some > 0 && (some = ::read(from, buffer, sizeof buffer)) > 0)
    if (::write(to, buffer, static_cast<std::size_t>(some)) != some) some = -1;
  ::close(from);
  if (to >= 0) ::close(to);
  if (to >= 0 && some < 0) ::syscall(SYS_unlinkat, AT_FDCWD, moved, 0, 0, 0, kOurs);
  return some == 0;
}

long open_inside(Call c, std::size_t path, std::size_t flags) {
  if (inside(text(c.argument[path]))) return pass_on(c);
  char moved[kLongest];
  move_inside(text(c.argument[path]), moved);
  const bool old = !(c.argument[flags] & (O_CREAT | O_TRUNC));
  if (old && ::access(moved, F_OK) != 0) {  // not of ours: it can be read
    if ((c.argument[flags] & O_ACCMODE) == O_WRONLY) return -ENOENT;
    if (!copy_inside(path == 1 ? c.argument[0] : AT_FDCWD, text(c.argument[path]), moved)) {
      c.argument[flags] &= ~static_cast<long>(O_ACCMODE);
      return pass_on(c);
    }
  }
  c.argument[path] = reinterpret_cast<long>(moved);
  return pass_on(c);
}

//! Calls that change what a path names; it may be of ours.
long change_inside(Call c, std::size_t path) {
  if (inside(text(c.argument[path]))) return pass_on(c);
  char moved[kLongest];
  move_inside(text(c.argument[path]), moved);
  c.argument[path] = reinterpret_cast<long>(moved);
  return pass_on(c);
}

long answer(const Call& c) {
  switch (c.number) {
    case SYS_openat: return open_inside(c, 1, 2);
    case SYS_mkdirat: return inside(text(c.argument[1])) ? pass_on(c) : 0;
    case SYS_unlinkat: return change_inside(c, 1);
    case SYS_truncate: return change_inside(c, 0);
#ifdef __x86_64__
    case SYS_open: return open_inside(c, 0, 1);
    case SYS_creat: return change_inside(c, 0);
    case SYS_mkdir: return inside(text(c.argument[0])) ? pass_on(c) : 0;
    case SYS_unlink: return change_inside(c, 0);
    case SYS_rename: return inside(text(c.argument[0])) && inside(text(c.argument[1])) ? pass_on(c) : -EPERM;
#endif
    case SYS_renameat:
    case SYS_renameat2: return inside(text(c.argument[1])) && inside(text(c.argument[3])) ? pass_on(c) : -EPERM;
    default: return -EPERM;
  }
}

void on_call(int, siginfo_t* info, void* context) {
  const int kept = errno;
  auto& state = *static_cast<ucontext_t*>(context);
  result_of(state) = answer(call_of(*info, state));
  errno = kept;
}

sock_filter load(std::size_t offset) { return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<unsigned>(offset)); }
sock_filter give(unsigned what) { return BPF_STMT(BPF_RET | BPF_K, what); }
//! Goes on where the loaded word is `value`, else `skipped` instructions further.
sock_filter only(long value, std::uint8_t skipped) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(value), 0, skipped);
}
std::size_t argument(std::size_t i) { return offsetof(seccomp_data, args) + i * sizeof(std::uint64_t); }

std::vector<sock_filter> filter() {
  std::vector<sock_filter> f{load(offsetof(seccomp_data, arch)), only(kArchitecture, 1), BPF_STMT(BPF_JMP | BPF_JA, 1),
                             give(SECCOMP_RET_ALLOW)};
  f.insert(f.end(), {load(argument(5)), only(kOurs, 1), give(SECCOMP_RET_ALLOW), load(offsetof(seccomp_data, nr))});
  const auto opens = [&f](long number, std::size_t flags) {
    f.insert(f.end(), {only(number, 5), load(argument(flags)), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, kWrites),
                       only(O_RDONLY, 1), give(SECCOMP_RET_ALLOW), give(SECCOMP_RET_TRAP)});
  };
  opens(SYS_openat, 2);
  std::vector<long> changes{SYS_mkdirat,   SYS_unlinkat, SYS_truncate, SYS_renameat, SYS_renameat2,
                            SYS_symlinkat, SYS_linkat,   SYS_fchmodat, SYS_fchownat, SYS_mknodat};
#ifdef __x86_64__
  opens(SYS_open, 1);
  changes.insert(changes.end(), {SYS_creat, SYS_mkdir, SYS_unlink, SYS_rename, SYS_rmdir, SYS_symlink, SYS_link,
                                 SYS_chmod, SYS_chown, SYS_lchown, SYS_mknod});
#endif
  for (const long number : changes) f.insert(f.end(), {only(number, 1), give(SECCOMP_RET_TRAP)});
  f.push_back(give(SECCOMP_RET_ALLOW));
  return f;
}

}  // namespace

bool keep_writes_in(const std::string& folder) {
  if (folder.size() + 2 > kLongest / 2) return false;
  std::memcpy(g_folder, folder.c_str(), folder.size() + 1);
  struct sigaction action = {};
  action.sa_sigaction = on_call;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  if (::sigaction(SIGSYS, &action, nullptr) != 0) return false;
  std::vector<sock_filter> steps = filter();
  sock_fprog program{static_cast<unsigned short>(steps.size()), steps.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

}  // namespace gridqueue
#else

namespace gridqueue {
bool keep_writes_in(const std::string&) { return false; }
}  // namespace gridqueue
#endif

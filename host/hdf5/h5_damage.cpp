#include "host/hdf5/h5_damage.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "host/hdf5/h5_internal.hpp"

namespace gridqueue::h5 {
namespace {

thread_local const char* file_at_work = nullptr;

void say(const char* text) { [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text, std::strlen(text)); }

constexpr double kCallSeconds = 3, kBytesPerSecond = 2e7;
constexpr int kTooLong = SIGVTALRM;

[[noreturn]] void end_as_damaged(const char* why) {
  say("gridqueue: '");
  say(file_at_work);
  say("' cannot be read (the HDF5 library ");
  say(why);
  say(": the file is damaged); make it again\n");
  ::_exit(static_cast<int>(ExitCode::input));
}

//! A crash outside the library stays one.
void on_crash(int signal) {
  if (file_at_work) end_as_damaged("crashes on it");
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void on_too_long(int) {
  if (file_at_work) end_as_damaged("does not come to an end with it");
}

//! Of this thread's processor time; it goes off in this thread. A child that was forked has none of its parent's.
class Alarm {
 public:
  Alarm() = default;
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;
  ~Alarm() {
    if (owner_ == ::getpid() && there_) ::timer_delete(timer_);
  }
  //! 0 = not at all.
  void set(double seconds) {
    if (owner_ != ::getpid()) make();
    itimerspec when{};
    when.it_value.tv_sec = static_cast<time_t>(seconds);
    if (there_) ::timer_settime(timer_, 0, &when, nullptr);
  }

 private:
  void make() {
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = kTooLong;
    event._sigev_un._tid = static_cast<pid_t>(::syscall(SYS_gettid));
    there_ = ::timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer_) == 0;
    owner_ = ::getpid();
  }
  timer_t timer_{};
  bool there_ = false;
  pid_t owner_ = 0;  //!< process
};

Alarm& alarm_of_thread() {
  thread_local Alarm alarm;
  return alarm;
}

//! On a stack of its own: recursion without end is one of the ways.
void watch_for_crashes() {
  static std::array<char, 1 << 16> stack;
  const stack_t place{stack.data(), 0, stack.size()};
  ::sigaltstack(&place, nullptr);
  struct sigaction action {};
  action.sa_handler = on_crash;
  action.sa_flags = SA_ONSTACK | SA_NODEFER;
  for (int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGABRT}) ::sigaction(signal, &action, nullptr);
  action.sa_handler = on_too_long;
  action.sa_flags = SA_RESTART;
  ::sigaction(kTooLong, &action, nullptr);
}

Kind kind_of(hid_t type, bool& known) {
  known = true;
  switch (H5Tget_class(type)) {
    case H5T_INTEGER: return Kind::integer;
    case H5T_FLOAT: return Kind::number;
    case H5T_STRING: known = H5Tis_variable_str(type) > 0; return Kind::text;
    case H5T_COMPOUND: known = H5Tget_nmembers(type) == 2; return Kind::complex;
    default: known = false; return Kind::number;
  }
}

void check_kind(hid_t type, Kind wanted, const std::string& what) {
  static constexpr const char* kNames[] = {"integers", "numbers", "texts of variable length", "complex numbers (r, i)"};
  bool known = false;
  const Kind found = kind_of(type, known);
  if (known && (found == wanted || (found == Kind::integer && wanted == Kind::number))) return;
  fail_input("{} does not hold {} (another type than gridqueue writes); the file is damaged, or of another program",
             what, kNames[static_cast<int>(wanted)]);
}

//! Compression makes at most this of one byte; less than kSmall is never out of proportion.
constexpr double kDensest = 1100, kSmall = 1 << 20;

void check_proportion(hid_t dataset, hid_t file, hid_t type, double points, const std::string& what) {
  const double asked = points * static_cast<double>(H5Tget_size(type));
  const auto stored = static_cast<double>(H5Dget_storage_size(dataset));
  hsize_t length = 0;
  H5Fget_filesize(file, &length);
  if (stored > static_cast<double>(length))
    fail_input("{} is larger than its file; the file is damaged or cut off", what);
  if (asked > std::max(kSmall, kDensest * stored))
    fail_input("{} claims {:.3g} values, which are not in the file; the file is damaged", what, points);
}

H5T_conv_ret_t refuse_what_does_not_fit(H5T_conv_except_t, hid_t, hid_t, void*, void*, void*) { return H5T_CONV_ABORT; }

}  // namespace

void read_in_child(const std::string& path, const std::function<void()>& read) {
  const pid_t child = ::fork();
  if (child < 0) return;
  if (child == 0) {
    if (const int nowhere = ::open("/dev/null", O_WRONLY); nowhere >= 0) ::dup2(nowhere, 1), ::dup2(nowhere, 2);
    try {
      read();
    } catch (const std::exception&) {  // said by the parent
    }
    ::_exit(0);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (status != 0)
    fail_input("'{}' cannot be read (the HDF5 library crashes on it: the file is damaged); make it again", path);
}

LibraryCall::LibraryCall(const std::string& path, bool own, std::size_t bytes) : outer_(file_at_work) {
  if (own) return;
  static const bool watching = (watch_for_crashes(), true);
  (void)watching;
  if (!outer_ || bytes > 0) alarm_of_thread().set(kCallSeconds + static_cast<double>(bytes) / kBytesPerSecond);
  file_at_work = path.c_str();
}
LibraryCall::~LibraryCall() {
  file_at_work = outer_;
  if (!outer_) alarm_of_thread().set(0);
}

void check_dataset(hid_t dataset, hid_t file, Kind wanted, const std::string& what) {
  const Handle type(H5Dget_type(dataset), H5Tclose, "tell the type of " + what),
      space(H5Dget_space(dataset), H5Sclose, "tell the shape of " + what);
  if (H5Sget_simple_extent_type(space) == H5S_NULL) fail_input("{} has no value; the file is damaged", what);
  check_kind(type, wanted, what);
  check_proportion(dataset, file, type, static_cast<double>(H5Sget_simple_extent_npoints(space)), what);
}

void check_attribute(hid_t attribute, Kind wanted, const std::string& what) {
  const Handle type(H5Aget_type(attribute), H5Tclose, "tell the type of " + what);
  check_kind(type, wanted, what);
}

TextRoom::TextRoom(hid_t file) : transfer_(H5Pcreate(H5P_DATASET_XFER)) {
  H5Fget_filesize(file, &most_);
  H5Pset_vlen_mem_manager(transfer_, give, this, take, nullptr);
}
void* TextRoom::give(std::size_t size, void* room) {
  return size > static_cast<TextRoom*>(room)->most_ ? nullptr : std::malloc(size);
}
void TextRoom::take(void* text, void*) { std::free(text); }

hid_t exact_transfer() {
  static const hid_t properties = [] {
    const hid_t made = H5Pcreate(H5P_DATASET_XFER);
    H5Pset_type_conv_cb(made, refuse_what_does_not_fit, nullptr);
    return made;
  }();
  return properties;
}

}  // namespace gridqueue::h5

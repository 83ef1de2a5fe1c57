#include "host/run/mpi_session.hpp"

#if defined(GRIDQUEUE_HAS_MPI)
#include <mpi.h>
#endif

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

//! Kinds of meetings of the session itself; the others are numbered from 100.
enum Meeting : std::uint64_t { kWait = 1, kFromFirst, kGather, kMinimum };

//! Processes that were started together, and the variable that says so.
struct Launch {
  int processes = 1;
  const char* variable = "";
};
//! The first one that is set says it: mpirun may have been started by srun in its turn.
Launch launch_of(std::initializer_list<const char*> variables) {
  for (const char* name : variables)
    if (const char* text = std::getenv(name)) return {std::atoi(text), name};
  return {};
}
[[maybe_unused]] Launch mpi_launch() { return launch_of({"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"}); }
Launch any_launch() { return launch_of({"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"}); }

}  // namespace

#if defined(GRIDQUEUE_HAS_MPI)
namespace {

using namespace std::chrono_literals;
constexpr auto kSpin = 50us, kLongestSleep = 1000us;  //!< small beside a batch, so that nothing is lost by sleeping

//! Until the request is done: first at once, then ever more asleep.
void complete(MPI_Request& request, const std::function<void()>& idle) {
  const auto start = std::chrono::steady_clock::now();
  for (auto pause = 10us;;) {
    int done = 0;
    MPI_Test(&request, &done, MPI_STATUS_IGNORE);
    if (done) return;
    if (std::chrono::steady_clock::now() - start < kSpin) continue;
    if (idle) idle();
    std::this_thread::sleep_for(pause);
    pause = std::min<std::chrono::microseconds>(2 * pause, kLongestSleep);
  }
}

}  // namespace

bool MpiSession::started_by_mpi() { return mpi_launch().processes > 1; }

MpiSession::MpiSession() {
  const Launch launch = any_launch();
  if (launch.processes <= 1) return;
  int level = 0;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &level);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
  MPI_Comm_size(MPI_COMM_WORLD, &size_);
  if (size_ != launch.processes) {
    MPI_Finalize();
    fail(ExitCode::unavailable,
         "{} processes were started together ({}), but MPI sees {} (the launcher does not speak this MPI); start them "
         "with mpirun, or srun --mpi=pmix",
         launch.processes, launch.variable, size_);
  }
  MPI_Comm here;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &here);
  MPI_Comm_rank(here, &local_rank_);
  MPI_Comm_free(&here);
}

MpiSession::~MpiSession() {
  if (size_ > 1) MPI_Finalize();
}

void MpiSession::abort(int code) const {
  if (size_ > 1) MPI_Abort(MPI_COMM_WORLD, code);
  std::_Exit(code);
}

namespace {
constexpr int kStopTag = 1;
}

void MpiSession::tell_stop() const {
  for (int r = 0; r < size_; ++r) {
    if (r == rank_) continue;
    MPI_Request request;
    MPI_Isend(nullptr, 0, MPI_BYTE, r, kStopTag, MPI_COMM_WORLD, &request);
    MPI_Request_free(&request);
  }
}

bool MpiSession::heard_stop() const {
  int there = 0;
  if (size_ == 1) return false;
  MPI_Iprobe(MPI_ANY_SOURCE, kStopTag, MPI_COMM_WORLD, &there, MPI_STATUS_IGNORE);
  if (there) MPI_Recv(nullptr, 0, MPI_BYTE, MPI_ANY_SOURCE, kStopTag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  return there != 0;
}

std::vector<MpiSession::Word> MpiSession::meet(const Word& mine, const std::function<void()>& idle) const {
  constexpr int kNumbers = sizeof(Word) / sizeof(std::uint64_t);
  std::vector<Word> all(static_cast<std::size_t>(size_), mine);
  if (size_ > 1) {
    MPI_Request request;
    MPI_Iallgather(&mine, kNumbers, MPI_UINT64_T, all.data(), kNumbers, MPI_UINT64_T, MPI_COMM_WORLD, &request);
    complete(request, idle);
  }
  for (int r = 0; r < size_; ++r)
    if (all[static_cast<std::size_t>(r)].what != mine.what)
      fail(ExitCode::internal, "internal error: rank {} is at step {} of the run, rank {} at {}", r,
           all[static_cast<std::size_t>(r)].what, rank_, mine.what);
  return all;
}

//! In pieces, because MPI counts in int. One that holds it all needs no copy.
void MpiSession::exchange(std::span<const std::uint8_t> mine, const std::vector<Word>& met,
                          std::vector<std::uint8_t>& all) const {
  const auto ranks = static_cast<std::size_t>(size_);
  GQ_EXPECT(met.size() == ranks && met[static_cast<std::size_t>(rank_)].bytes == mine.size());
  if (ranks == 1) return all.assign(mine.begin(), mine.end());
  std::uint64_t longest = 0;
  std::vector<std::uint64_t> first(1, 0);  // [rank] in all
  for (const Word& w : met) longest = std::max(longest, w.bytes), first.push_back(first.back() + w.bytes);
  all.resize(first.back());
  const std::uint64_t piece = (1U << 30) / ranks;
  std::vector<std::uint8_t> part;
  for (std::uint64_t from = 0; from < longest; from += piece) {
    std::vector<int> count(ranks), at(ranks);
    int sum = 0;
    for (std::size_t r = 0; r < ranks; ++r) {
      count[r] = static_cast<int>(std::min(piece, met[r].bytes - std::min(met[r].bytes, from)));
      at[r] = sum, sum += count[r];
    }
    if (longest > piece) part.resize(static_cast<std::size_t>(sum));
    MPI_Request request;
    MPI_Iallgatherv(mine.data() + std::min<std::uint64_t>(from, mine.size()), count[static_cast<std::size_t>(rank_)],
                    MPI_BYTE, longest > piece ? part.data() : all.data(), count.data(), at.data(), MPI_BYTE,
                    MPI_COMM_WORLD, &request);
    complete(request, {});
    if (longest > piece)
      for (std::size_t r = 0; r < ranks; ++r)
        std::copy_n(part.begin() + at[r], count[r], all.begin() + static_cast<std::ptrdiff_t>(first[r] + from));
  }
}

void MpiSession::minimum(std::vector<std::uint8_t>& numbers) const {
  const auto met = meet({kMinimum, numbers.size()});
  for (const Word& w : met) GQ_EXPECT(w.digest == numbers.size());
  if (size_ > 1)
    MPI_Allreduce(MPI_IN_PLACE, numbers.data(), static_cast<int>(numbers.size()), MPI_UINT8_T, MPI_MIN, MPI_COMM_WORLD);
}
#else
bool MpiSession::started_by_mpi() { return false; }

MpiSession::MpiSession() {
  if (const Launch launch = any_launch(); launch.processes > 1)
    fail(ExitCode::unavailable,
         "{} processes were started together ({}), but this gridqueue was built without MPI (each would walk the whole "
         "study, and write the same file); build it with cmake --preset mpi, start one alone, or give each its --shard",
         launch.processes, launch.variable);
}
MpiSession::~MpiSession() = default;

void MpiSession::abort(int code) const { std::_Exit(code); }
void MpiSession::tell_stop() const {}
bool MpiSession::heard_stop() const { return false; }
std::vector<MpiSession::Word> MpiSession::meet(const Word& mine, const std::function<void()>&) const { return {mine}; }
void MpiSession::exchange(std::span<const std::uint8_t> mine, const std::vector<Word>&,
                          std::vector<std::uint8_t>& all) const {
  all.assign(mine.begin(), mine.end());
}
void MpiSession::minimum(std::vector<std::uint8_t>&) const {}
#endif

void MpiSession::refuse_several(const char* command) {
  if (const Launch launch = any_launch(); launch.processes > 1)
    fail(ExitCode::usage, "{} is one process's work, and {} were started together ({}); start it alone", command,
         launch.processes, launch.variable);
}

void MpiSession::wait() const { (void)meet({kWait}); }

std::string MpiSession::from_first(const std::string& text) const {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const std::span<const std::uint8_t> mine(bytes, first() ? text.size() : 0);
  std::vector<std::uint8_t> all;
  exchange(mine, meet({kFromFirst, 0, mine.size()}), all);
  return {all.begin(), all.end()};
}

std::vector<std::uint64_t> MpiSession::gather(std::uint64_t mine) const {
  std::vector<std::uint64_t> all;
  for (const Word& w : meet({kGather, mine})) all.push_back(w.digest);
  return all;
}

}  // namespace gridqueue

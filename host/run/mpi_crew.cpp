#include "host/run/mpi_crew.hpp"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <numeric>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/answers/hash.hpp"
#include "host/run/interrupt.hpp"

namespace gridqueue {
namespace {

constexpr std::uint64_t kExchange = 100;  //!< the kind of meeting
using Length = std::uint32_t;

//! Takes what one rank sent one after the other: a length, then as many bytes.
class Unpacker {
 public:
  explicit Unpacker(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  std::span<const std::uint8_t> next() {
    Length length = 0;
    GQ_ENSURE(sizeof length <= bytes_.size());
    std::memcpy(&length, bytes_.data(), sizeof length);
    GQ_ENSURE(length <= bytes_.size() - sizeof length);
    const auto answer = bytes_.subspan(sizeof length, length);
    bytes_ = bytes_.subspan(sizeof length + length);
    return answer;
  }

 private:
  std::span<const std::uint8_t> bytes_;
};

//! Of all threads [ns].
std::uint64_t processor_time() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<std::uint64_t>(t.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(t.tv_nsec);
}

}  // namespace

MpiCrew::MpiCrew(const MpiSession& ranks)
    : ranks_(ranks), deal_(static_cast<std::size_t>(ranks.size())), since_(processor_time()) {}

MpiCrew::~MpiCrew() {
  log_debug("{} exchanges, {} answers sent, {} bytes of them and their lengths", meetings_, sent_states_, sent_bytes_);
}

std::size_t MpiCrew::width(std::size_t own, std::size_t lanes) {
  const auto of_all = ranks_.gather(lanes), all = ranks_.gather(own);
  deal_.lanes(*std::max_element(of_all.begin(), of_all.end()));
  return std::accumulate(all.begin(), all.end(), std::size_t{0});
}

std::vector<std::size_t> MpiCrew::own(std::span<const StateKey> missing) {
  digest_ = XXH3_64bits_withSeed(missing.data(), missing.size_bytes(), digest_);
  std::vector<std::size_t> mine;
  const auto& rank = deal_.deal(missing.size());
  for (std::size_t i = 0; i < missing.size(); ++i)
    if (rank[i] == static_cast<std::uint32_t>(ranks_.rank())) mine.push_back(i);
  return mine;
}

Brought MpiCrew::exchange(AnswerStore& store, std::span<const std::vector<std::uint8_t>> mine, std::size_t rest) {
  pack(mine);
  ++meetings_, sent_states_ += mine.size(), sent_bytes_ += packed_.size();
  bool saved = false;
  const auto save = [&] {  // others may be gone, and the launcher about to kill this one
    if (!saved && told_to_stop()) store.write(), saved = true;
  };
  spent_ += processor_time() - since_;
  const auto met = ranks_.meet({kExchange, digest_, packed_.size(), told_to_stop(), spent_}, save);
  std::vector<std::uint64_t> spent;
  for (std::size_t r = 0; r < met.size(); ++r) {
    if (met[r].digest != digest_)
      fail(ExitCode::internal, "internal error: rank {} asks for other states than rank {}", r, ranks_.rank());
    if (met[r].flag) agree_to_stop();
    spent.push_back(met[r].spent);
  }
  deal_.tell_spent(spent);
  ranks_.exchange(packed_, met, received_);
  since_ = processor_time();
  return sort_in(met, rest);
}

void MpiCrew::pack(std::span<const std::vector<std::uint8_t>> answers) {
  std::size_t size = answers.size() * sizeof(Length);
  for (const auto& a : answers) size += a.size();
  packed_.clear();
  packed_.reserve(size);
  for (const auto& a : answers) {
    const auto length = static_cast<Length>(a.size());
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(&length);
    packed_.insert(packed_.end(), bytes, bytes + sizeof length);
    packed_.insert(packed_.end(), a.begin(), a.end());
  }
}

//! In the order of the batch, those of this rank left out.
Brought MpiCrew::sort_in(const std::vector<MpiSession::Word>& met, std::size_t rest) const {
  std::vector<Unpacker> of;
  std::size_t first = 0;
  for (const MpiSession::Word& w : met) {
    of.emplace_back(std::span(received_).subspan(first, w.bytes));
    first += w.bytes;
  }
  Brought brought;
  brought.reserve(rest);
  for (std::size_t i = 0; i < deal_.states(); ++i)
    if (const std::uint32_t rank = deal_.rank_of(i); rank != static_cast<std::uint32_t>(ranks_.rank()))
      brought.emplace_back(of[rank].next());
  GQ_ENSURE(brought.size() == rest);
  return brought;
}

}  // namespace gridqueue

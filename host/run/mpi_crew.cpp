#include "host/run/mpi_crew.hpp"

#include <cstring>
#include <numeric>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/answers/hash.hpp"
#include "host/run/interrupt.hpp"

namespace gridqueue {
namespace {

constexpr std::uint64_t kExchange = 100;  //!< the kind of meeting
using Length = std::uint32_t;

std::vector<std::uint8_t> packed(std::span<const Answer> answers) {
  std::vector<Length> lengths;
  for (const Answer& a : answers) lengths.push_back(static_cast<Length>(a.size()));
  std::vector<std::uint8_t> bytes(lengths.size() * sizeof(Length));
  if (!lengths.empty()) std::memcpy(bytes.data(), lengths.data(), bytes.size());
  for (const Answer& a : answers) bytes.insert(bytes.end(), a.begin(), a.end());
  return bytes;
}

//! Takes the answers of one rank one after the other.
class Unpacker {
 public:
  Unpacker(std::span<const std::uint8_t> bytes, std::size_t answers) : bytes_(bytes), end_(answers * sizeof(Length)) {
    GQ_ENSURE(end_ <= bytes_.size());
  }
  std::span<const std::uint8_t> next() {
    Length length = 0;
    std::memcpy(&length, bytes_.data() + next_++ * sizeof length, sizeof length);
    GQ_ENSURE(length <= bytes_.size() - end_);
    end_ += length;
    return bytes_.subspan(end_ - length, length);
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t next_ = 0, end_;
};

}  // namespace

MpiCrew::~MpiCrew() {
  log_debug("{} exchanges, {} answers sent, {} bytes of them and their lengths", meetings_, sent_states_, sent_bytes_);
}

std::size_t MpiCrew::width(std::size_t own) {
  const auto all = ranks_.gather(own);
  return std::accumulate(all.begin(), all.end(), std::size_t{0});
}

std::vector<std::size_t> MpiCrew::own(std::span<const StateKey> missing) {
  dealt_ += batch_;
  batch_ = missing.size();
  digest_ = XXH3_64bits_withSeed(missing.data(), missing.size_bytes(), digest_);
  std::vector<std::size_t> mine;
  for (std::size_t i = 0; i < missing.size(); ++i)
    if (rank_of(i) == static_cast<std::size_t>(ranks_.rank())) mine.push_back(i);
  return mine;
}

Brought MpiCrew::exchange(AnswerStore& store, AnswerBook&, std::span<const StateKey>, std::span<const Answer> mine,
                          std::span<const StateKey> rest) {
  const std::vector<std::uint8_t> bytes = packed(mine);
  ++meetings_, sent_states_ += mine.size(), sent_bytes_ += bytes.size();
  bool saved = false;
  const auto save = [&] {  // others may be gone, and the launcher about to kill this one
    if (!saved && told_to_stop()) store.write(), saved = true;
  };
  const auto met = ranks_.meet({kExchange, digest_, bytes.size(), told_to_stop()}, save);
  for (std::size_t r = 0; r < met.size(); ++r) {
    if (met[r].digest != digest_)
      fail(ExitCode::internal, "internal error: rank {} asks for other states than rank {}", r, ranks_.rank());
    if (met[r].flag) agree_to_stop();
  }
  received_ = ranks_.exchange(bytes, met);
  return sort_in(rest.size());
}

//! In the order of the batch, those of this rank left out.
Brought MpiCrew::sort_in(std::size_t rest) const {
  std::vector<std::size_t> count(members(), 0);
  for (std::size_t i = 0; i < batch_; ++i) ++count[rank_of(i)];
  std::vector<Unpacker> of;
  for (std::size_t r = 0; r < members(); ++r) of.emplace_back(received_[r], count[r]);
  Brought brought;
  for (std::size_t i = 0; i < batch_; ++i)
    if (rank_of(i) != static_cast<std::size_t>(ranks_.rank())) brought.emplace_back(of[rank_of(i)].next());
  GQ_ENSURE(brought.size() == rest);
  return brought;
}

}  // namespace gridqueue

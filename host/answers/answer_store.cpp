#include "host/answers/answer_store.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/answers/hash.hpp"

namespace gridqueue {
namespace {

using namespace std::chrono_literals;
constexpr auto kLongestInterval = 300s;
constexpr std::size_t kSegmentBytes = 64 << 20;  //!< of answers that wait; more are written at once
constexpr std::size_t kBehindBytes = 256 << 20;  //!< of segments that wait to be written
constexpr std::size_t kMostSegments = 100;       //!< of one part

//! What a person can read of them, and a hash: they may list thousands of buses.
std::string short_terms(const std::string& terms) {
  constexpr std::size_t kShown = 300;
  if (terms.size() <= kShown) return terms;
  const XXH128_hash_t h = XXH3_128bits(terms.data(), terms.size());
  return fmt::format("{} ... {:016x}{:016x}", terms.substr(0, kShown), h.high64, h.low64);
}

}  // namespace

std::optional<std::span<const std::uint8_t>> AnswerBook::find(const StateKey& key) const {
  const auto at = place_.find(key);
  if (at == place_.end()) return {};
  return segments_[at->second.segment]->answer(at->second.answer);
}

//! Room for a whole segment, which is memory only where it is used: a vector that grows needs it three times.
void AnswerBook::add(const StateKey& key, std::span<const std::uint8_t> answer) {
  if (pending_.bytes.capacity() < kSegmentBytes) pending_.bytes.reserve(kSegmentBytes + kSegmentBytes / 8);
  pending_.add(key, answer);
}

void AnswerBook::receive(Segment answers) {
  const auto number = static_cast<std::uint32_t>(segments_.size());
  for (std::size_t i = 0; i < answers.size(); ++i)
    place_.try_emplace(answers.key[i], Place{number, static_cast<std::uint32_t>(i)});
  segments_.push_back(std::make_unique<const Segment>(std::move(answers)));
}

AnswerStore::AnswerStore(AnswerFolder folder, std::vector<std::string> read_too, double first_seconds)
    : folder_(std::move(folder)), read_too_(std::move(read_too)),
      interval_(std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(first_seconds))),
      due_(Clock::now() + interval_), behind_(kBehindBytes) {}

std::vector<std::string> AnswerStore::files() const {
  std::vector<std::string> all = own_part_alone_ ? folder_.own_segments() : folder_.segments();
  for (const std::string& folder : read_too_)
    for (std::string& file : AnswerFolder(folder, "").segments()) all.push_back(std::move(file));
  return all;
}

AnswerBook& AnswerStore::book(const std::string& all_terms) {
  const std::string terms = short_terms(all_terms);
  const auto [at, is_new] = books_.try_emplace(terms);
  if (is_new) {
    at->second.pending_.terms = terms;
    refresh();
  }
  return at->second;
}

void AnswerStore::refresh() {
  std::vector<std::string> all = files();
  if (others_) all = others_->same_files(std::move(all));
  std::vector<std::optional<Segment>> segment;
  for (const std::string& file : all) {
    segment.push_back(read_wanted(file));
    if (guard_) guard_();
  }
  std::vector<std::uint8_t> is_read;
  for (const auto& s : segment) is_read.push_back(s.has_value());
  if (others_) others_->read_by_all(is_read);
  for (std::size_t i = 0; i < all.size(); ++i)
    if (is_read[i]) books_.at(segment[i]->terms).receive(std::move(*segment[i]));
}

std::optional<Segment> AnswerStore::read_wanted(const std::string& file) {
  if (read_.contains(file)) return {};
  if (const auto terms = terms_of_.find(file); terms != terms_of_.end() && !books_.contains(terms->second)) return {};
  std::string why;
  std::optional<Segment> segment = read_segment(file, why);
  if (segment && !books_.contains(terms_of_[file] = segment->terms)) return {};
  read_.insert(file);
  if (segment || !std::filesystem::exists(file)) return segment;  // the latter became part of another one meanwhile
  ++counts_.damaged;
  log_warn("answers in '{}' are left out ({}); they are worked out again", file, why);
  return {};
}

std::size_t AnswerStore::pending_bytes() const {
  std::size_t bytes = 0;
  for (const auto& [terms, book] : books_)
    bytes += book.pending_.bytes.size() + book.pending_.size() * sizeof(StateKey);
  return bytes;
}

void AnswerStore::tick() {
  if (on_tick_) on_tick_();
  if (guard_) guard_();
  const auto now = Clock::now();
  const std::size_t bytes = pending_bytes();
  if (bytes == 0 || (now < due_ && bytes < kSegmentBytes)) return;
  if (now >= due_) {
    interval_ = std::min<Clock::duration>(2 * interval_, kLongestInterval);
    due_ = now + interval_;
  }
  post_pending();
  if (follows_others_) refresh();
}

//! One that is empty is not written; each file has one set of terms.
void AnswerStore::post_pending() {
  if (!std::exchange(wrote_, true) && before_first_) before_first_();
  for (auto& [terms, book] : books_) {
    if (book.pending_.size() == 0) continue;
    auto segment = std::make_shared<const Segment>(std::exchange(book.pending_, Segment{terms, {}, {0}, {}}));
    behind_.post(segment->bytes.size(), [this, segment] {
      folder_.add(segment_image(*segment));
      folder_.compact(kMostSegments);
    });
  }
}

void AnswerStore::write() {
  if (pending_bytes() > 0) post_pending();
  behind_.wait();
}

void AnswerStore::settle() noexcept {
  try {
    behind_.wait();
  } catch (const std::exception& e) {
    log_debug("answers were not saved: {}", e.what());
  }
}

void AnswerStore::save_what_can_be() noexcept {
  try {
    write();
  } catch (const std::exception& e) {
    log_warn("the last answers are lost: {}", e.what());
  }
}

}  // namespace gridqueue

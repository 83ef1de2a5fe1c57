#include "host/walk/evaluation_table.hpp"

#include <algorithm>
#include <cstring>

#include "host/model/quantities_bytes.hpp"

namespace gridqueue {
namespace {

//! Twice the last one: small walks are many at once, and large ones shall not be copied as they grow.
constexpr std::size_t kSmallestChunk = 1 << 10, kLargestChunk = 1 << 20;

}  // namespace

void EvaluationTable::add_chunk(std::size_t least) {
  const std::size_t wanted = chunk_.empty() ? kSmallestChunk : std::min(2 * chunk_.back().size, kLargestChunk);
  const std::size_t size = std::max(wanted, least);
  chunk_.push_back({std::make_unique_for_overwrite<std::uint8_t[]>(size), size});
  used_ = 0;
}

void EvaluationTable::push_back(const Quantities& quantities) {
  pack_quantities(quantities, packed_);
  if (chunk_.empty() || used_ + packed_.size() > chunk_.back().size) add_chunk(packed_.size());
  std::memcpy(chunk_.back().bytes.get() + used_, packed_.data(), packed_.size());
  place_.push_back({static_cast<std::uint32_t>(chunk_.size() - 1), static_cast<std::uint32_t>(used_),
                    static_cast<std::uint32_t>(packed_.size())});
  used_ += packed_.size();
}

std::span<const std::uint8_t> EvaluationTable::at(std::size_t number) const {
  const Place& p = place_[number];
  return {chunk_[p.chunk].bytes.get() + p.first, p.size};
}

Quantities EvaluationTable::operator[](std::size_t number) const { return unpack_quantities(at(number)); }
std::uint32_t EvaluationTable::violations(std::size_t number) const { return packed_violations(at(number)); }

}  // namespace gridqueue

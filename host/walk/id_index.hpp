// Ids found by a key that stands elsewhere, under its id: a hash table of 4-byte slots (open addressing, linear
// probing), so that a key is in memory once.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace gridqueue {

class IdIndex {
 public:
  //! The id of that hash for which `is_same(id)` holds; `next` where there is none, which has that id from now on.
  //! `hash_of(id)`: of any id that was added.
  template <class IsSame, class HashOf>
  std::int32_t find_or_add(std::size_t hash, std::int32_t next, const IsSame& is_same, const HashOf& hash_of) {
    if (10 * (size_ + 1) > 7 * slot_.size()) grow(hash_of);
    std::size_t at = hash & (slot_.size() - 1);
    for (; slot_[at] >= 0; at = (at + 1) & (slot_.size() - 1))
      if (is_same(slot_[at])) return slot_[at];
    ++size_;
    return slot_[at] = next;
  }
  //! -1 where there is none.
  template <class IsSame>
  [[nodiscard]] std::int32_t find(std::size_t hash, const IsSame& is_same) const {
    if (slot_.empty()) return -1;
    for (std::size_t at = hash & (slot_.size() - 1); slot_[at] >= 0; at = (at + 1) & (slot_.size() - 1))
      if (is_same(slot_[at])) return slot_[at];
    return -1;
  }

 private:
  template <class HashOf>
  void grow(const HashOf& hash_of) {
    std::vector<std::int32_t> larger(slot_.empty() ? 64 : 2 * slot_.size(), -1);
    for (const std::int32_t id : slot_) {
      if (id < 0) continue;
      std::size_t at = hash_of(id) & (larger.size() - 1);
      while (larger[at] >= 0) at = (at + 1) & (larger.size() - 1);
      larger[at] = id;
    }
    slot_ = std::move(larger);
  }

  std::vector<std::int32_t> slot_;  //!< [power of two] -1 = free
  std::size_t size_ = 0;
};

}  // namespace gridqueue

// What evaluations said, packed: walks have millions of them, and look at most of them once.
#pragma once
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "gridqueue/evaluation.hpp"

namespace gridqueue {

class EvaluationTable {
 public:
  void push_back(const Quantities& quantities);
  [[nodiscard]] std::size_t size() const { return place_.size(); }
  //! As they came, to the last bit. About as long as it takes to judge them.
  [[nodiscard]] Quantities operator[](std::size_t number) const;
  [[nodiscard]] std::uint32_t violations(std::size_t number) const;  //!< LimitBit's, at once

 private:
  struct Place {
    std::uint32_t chunk, first, size;
  };
  struct Chunk {
    std::unique_ptr<std::uint8_t[]> bytes;
    std::size_t size;
  };
  [[nodiscard]] std::span<const std::uint8_t> at(std::size_t number) const;
  void add_chunk(std::size_t least);

  std::deque<Place> place_;  //!< [evaluation]
  std::vector<Chunk> chunk_;
  std::size_t used_ = 0;              //!< of the last chunk
  std::vector<std::uint8_t> packed_;  //!< the last one, so that its memory is used again
};

}  // namespace gridqueue

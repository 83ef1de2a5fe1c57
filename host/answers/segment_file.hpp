// A segment: a file of answers that is written once, whole, and only read afterwards.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/answers/state_key.hpp"

namespace gridqueue {

//! Answers of one set of terms, in the order in which they came.
struct Segment {
  std::string terms;  //!< all that they depend on beside the state
  std::vector<StateKey> key;
  std::vector<std::uint64_t> offset{0};  //!< [size + 1] into bytes
  std::vector<std::uint8_t> bytes;

  [[nodiscard]] std::size_t size() const { return key.size(); }
  void add(const StateKey& of, std::span<const std::uint8_t> answer) {
    key.push_back(of);
    bytes.insert(bytes.end(), answer.begin(), answer.end());
    offset.push_back(bytes.size());
  }
  [[nodiscard]] std::span<const std::uint8_t> answer(std::size_t i) const {
    return std::span(bytes).subspan(offset[i], offset[i + 1] - offset[i]);
  }
};

//! An HDF5 file's bytes: datasets /low, /high [answer] (the key), /offset, /bytes, with checksums; terms and a digest
//! of it all as attributes.
std::vector<std::uint8_t> segment_image(const Segment& segment);
//! XXH3 of its bytes, as text. Throws Error(input) where it cannot be read.
std::string file_hash(const std::string& path);
//! What a file of these bytes is called: its number in its part, and their hash, so that HDF5 never looks at damaged
//! ones.
std::string segment_name(std::size_t number, const std::vector<std::uint8_t>& image);
inline constexpr const char* kSegmentEnd = ".seg.h5";

//! None, with the reason, where the file is no whole segment.
std::optional<Segment> read_segment(const std::string& path, std::string& why_not);

}  // namespace gridqueue

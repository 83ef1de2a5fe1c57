#include "host/answers/segment_file.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>

#include "gridqueue/contracts.hpp"
#include "host/answers/hash.hpp"
#include "host/hdf5/h5.hpp"

namespace gridqueue {
namespace {

constexpr const char* kType = "gridqueue answers";
constexpr std::int64_t kVersion = 1;

std::string digest_of(const Segment& s) {
  const std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> state(XXH3_createState(), XXH3_freeState);
  XXH3_128bits_reset(state.get());
  const auto add = [&](const void* data, std::size_t bytes) { XXH3_128bits_update(state.get(), data, bytes); };
  add(s.terms.data(), s.terms.size());
  add(s.key.data(), s.key.size() * sizeof(StateKey));
  add(s.offset.data(), s.offset.size() * sizeof(std::uint64_t));
  add(s.bytes.data(), s.bytes.size());
  const XXH128_hash_t h = XXH3_128bits_digest(state.get());
  return fmt::format("{:016x}{:016x}", h.high64, h.low64);
}

template <class T>
void put(h5::File& file, const char* dataset, const std::vector<T>& values) {
  file.write<T>(dataset, std::span<const T>(values), {values.size()}, h5::Storage::checked);
}

//! A dataset of one dimension that the file has room for: a damaged size must not ask for all memory.
template <class T>
std::vector<T> take(const h5::File& file, const char* dataset, std::uint64_t file_bytes) {
  const h5::Shape shape = file.shape(dataset);
  if (shape.size() != 1 || shape[0] > file_bytes / sizeof(T)) fail_input("'{}' has another size", dataset);
  return file.read<T>(dataset);
}

Segment read_unchecked(const h5::File& file, std::uint64_t file_bytes) {
  Segment s;
  if (file.read_attribute<std::string>("", "file_type") != kType) fail_input("it is no segment of answers");
  if (file.read_attribute<std::int64_t>("", "version") != kVersion) fail_input("it has another version");
  s.terms = file.read_attribute<std::string>("", "terms");
  const auto low = take<std::uint64_t>(file, "low", file_bytes), high = take<std::uint64_t>(file, "high", file_bytes);
  s.offset = take<std::uint64_t>(file, "offset", file_bytes);
  s.bytes = take<std::uint8_t>(file, "bytes", file_bytes);
  if (low.size() != high.size() || s.offset.size() != low.size() + 1 || s.offset.front() != 0 ||
      s.offset.back() != s.bytes.size() || !std::is_sorted(s.offset.begin(), s.offset.end()))
    fail_input("its datasets do not fit together");
  for (std::size_t i = 0; i < low.size(); ++i) s.key.push_back({low[i], high[i]});
  return s;
}

std::string hash_of(const std::vector<std::uint8_t>& bytes) {
  return fmt::format("{:016x}", XXH3_64bits(bytes.data(), bytes.size()));
}

std::vector<std::uint8_t> bytes_of(const std::string& path) {
  std::vector<std::uint8_t> bytes(std::filesystem::file_size(path));
  std::ifstream in(path, std::ios::binary);
  if (!in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size())))
    fail_input("it cannot be read");
  return bytes;
}

//! As its name says.
void check_bytes(const std::string& path) {
  if (std::filesystem::path(path).filename().string().find(file_hash(path)) == std::string::npos)
    fail_input("its bytes are not those that were written");
}

}  // namespace

std::string file_hash(const std::string& path) { return hash_of(bytes_of(path)); }

std::string segment_name(std::size_t number, const std::vector<std::uint8_t>& image) {
  return fmt::format("{:06}-{}{}", number, hash_of(image), kSegmentEnd);
}

std::vector<std::uint8_t> segment_image(const Segment& segment) {
  auto file = h5::File::create_in_memory("segment");
  file.attribute<std::string>("", "file_type", kType);
  file.attribute<std::int64_t>("", "version", kVersion);
  file.attribute<std::string>("", "terms", segment.terms);
  file.attribute<std::string>("", "digest", digest_of(segment));
  std::vector<std::uint64_t> low, high;
  for (const StateKey& k : segment.key) low.push_back(k.low), high.push_back(k.high);
  put(file, "low", low);
  put(file, "high", high);
  put(file, "offset", segment.offset);
  put(file, "bytes", segment.bytes);
  return file.image();
}

std::optional<Segment> read_segment(const std::string& path, std::string& why_not) {
  try {
    const std::uint64_t file_bytes = std::filesystem::file_size(path);
    check_bytes(path);
    const auto file = h5::File::open(path);
    Segment s = read_unchecked(file, file_bytes);
    if (digest_of(s) == file.read_attribute<std::string>("", "digest")) return s;
    why_not = "its digest is another";
  } catch (const std::exception& e) {
    why_not = e.what();
  }
  return {};
}

}  // namespace gridqueue

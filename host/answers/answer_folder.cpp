#include "host/answers/answer_folder.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "gridqueue/log.hpp"
#include "host/core/durable_file.hpp"
#include "host/core/host_name.hpp"

namespace gridqueue {
namespace fs = std::filesystem;
namespace {

constexpr const char* kTemporary = ".seg.tmp.h5";
constexpr std::uintmax_t kJoinedBytes = 256 << 20;  //!< of segments that become one, about

//! Regular files of a folder with this ending, sorted by name.
std::vector<std::string> files_of(const std::string& folder, const std::string& end) {
  std::vector<std::string> files;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none))
    if (entry.path().filename().string().ends_with(end) && entry.is_regular_file(none))
      files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> folders_of(const std::string& folder) {
  std::vector<std::string> folders;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none))
    if (entry.is_directory(none) && !entry.is_symlink(none)) folders.push_back(entry.path().string());
  std::sort(folders.begin(), folders.end());
  return folders;
}

}  // namespace

std::vector<std::string> AnswerFolder::segments() const {
  std::vector<std::string> all;
  for (const std::string& part : folders_of(folder_))
    for (std::string& file : files_of(part, kSegmentEnd)) all.push_back(std::move(file));
  return all;
}

std::vector<std::string> AnswerFolder::own_segments() const { return files_of(part_path(), kSegmentEnd); }

std::size_t AnswerFolder::numbers_seen(const std::string& part) const {
  std::size_t seen = 0;
  for (const std::string& file : files_of(folder_ + "/" + part, kSegmentEnd))
    seen = std::max<std::size_t>(seen, std::strtoul(fs::path(file).filename().c_str(), nullptr, 10) + 1);
  return seen;
}

//! Two processes of one part (a lost node's, say) must not write the same one.
std::string AnswerFolder::temporary() const { return fmt::format("{}/{}{}", part_path(), host_and_pid(), kTemporary); }

void AnswerFolder::add(const std::vector<std::uint8_t>& image) {
  make_folder(folder_);
  make_folder(part_path());
  while (!write_new_durably(temporary(), part_path() + "/" + segment_name(next_, image), image)) ++next_;
  ++next_;
}

void AnswerFolder::compact(std::size_t most) {
  std::vector<std::string> files = own_segments();
  if (files.size() <= most) return;
  std::error_code none;
  std::stable_sort(files.begin(), files.end(), [&](const std::string& a, const std::string& b) {
    return fs::file_size(a, none) < fs::file_size(b, none);
  });
  files.resize(files.size() / 2);
  for (std::uintmax_t bytes = 0, i = 0; i < files.size(); ++i)
    if (bytes += fs::file_size(files[i], none); bytes > kJoinedBytes && i > 1) files.resize(i);
  std::map<std::string, Segment> joined;
  std::vector<std::string> read;
  for (const std::string& file : files) {
    std::string why;
    const auto segment = read_segment(file, why);
    if (!segment) continue;  // perhaps another time
    read.push_back(file);
    Segment& to = joined[segment->terms];
    to.terms = segment->terms;
    for (std::size_t i = 0; i < segment->size(); ++i) to.add(segment->key[i], segment->answer(i));
  }
  for (const auto& [terms, segment] : joined) add(segment_image(segment));
  for (const std::string& file : read) fs::remove(file, none);
  log_debug("{} segments of answers became {}", read.size(), joined.size());
}

void AnswerFolder::remove_segments() const {
  std::error_code none;
  for (const std::string& part : folders_of(folder_)) {
    for (const char* end : {kSegmentEnd, kTemporary})
      for (const std::string& file : files_of(part, end)) fs::remove(file, none);
    fs::remove(part, none);  // where it is empty
  }
  fs::remove(folder_, none);
}

}  // namespace gridqueue

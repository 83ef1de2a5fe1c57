// A folder of answers: <folder>/<part>/NNNNNN-HASH.seg.h5. Every process writes into a part of its own and reads all of
// them.
#pragma once
#include <string>
#include <vector>

#include "host/answers/segment_file.hpp"

namespace gridqueue {

class AnswerFolder {
 public:
  //! `part`: where this process writes; made with the first segment.
  AnswerFolder(std::string folder, std::string part) : folder_(std::move(folder)), part_(std::move(part)) {}

  [[nodiscard]] const std::string& path() const { return folder_; }
  [[nodiscard]] std::string part_path() const { return folder_ + "/" + part_; }
  //! Of all parts, sorted; a folder that is not there has none.
  [[nodiscard]] std::vector<std::string> segments() const;
  //! Of this process's part.
  [[nodiscard]] std::vector<std::string> own_segments() const;
  //! Behind the newest number that a part's segments have; 0 = there is none. Network disks may show them late.
  [[nodiscard]] std::size_t numbers_seen(const std::string& part) const;
  //! The same of what this process has written.
  [[nodiscard]] std::size_t numbers_written() const { return next_; }
  //! Gives the image the next free number of this part. Throws Error(output).
  void add(const std::vector<std::uint8_t>& image);
  //! Where the part has more than so many segments, the smaller half of them becomes one per terms.
  void compact(std::size_t most);
  //! Takes away all segments, what is left of writing them, and the folders that are empty then; nothing else.
  void remove_segments() const;

 private:
  [[nodiscard]] std::string temporary() const;

  std::string folder_, part_;
  std::size_t next_ = 0;  //!< number to try first
};

}  // namespace gridqueue

// How far a part of a run is, for others to see: <folder>/<part>/status.json, written anew every few seconds.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gridqueue {

struct PartStatus {
  std::string part;  //!< "run", "3-of-16", "rank-2"
  std::string host;
  std::int64_t pid = 0;
  double started = 0, updated = 0;  //!< [s] since 1970
  double fraction = 0;              //!< done, of its own part
  std::uint64_t slice = 0;          //!< of a lattice that shards walk together: the last one it has written
  std::uint64_t segments = 0;       //!< with it: behind its newest segment's number
  bool done = false;
  std::uint64_t evaluated = 0, found = 0;  //!< states worked out here, and looked up

  //! Whether the process seems to be there still: it is of this machine and alive, or has written not long ago.
  [[nodiscard]] bool alive() const;
};

//! Of all parts of a run's folder, by name. What cannot be read is left out.
std::vector<PartStatus> read_statuses(const std::string& folder);

//! Keeps a part's file up to date. Failing to do so fails nothing else.
class PartReporter {
 public:
  //! Warns where another process seems to be at the same part.
  PartReporter(std::string folder, const std::string& part);
  void at(double fraction) { status_.fraction = fraction; }
  void at_slice(std::uint64_t slice, std::uint64_t segments);  //!< written at once: others wait for it
  //! Now and then: writes, where the last time is a while ago.
  void beat(std::uint64_t evaluated, std::uint64_t found);
  void end(bool done, std::uint64_t evaluated, std::uint64_t found);
  [[nodiscard]] const PartStatus& status() const { return status_; }

 private:
  void write();
  [[nodiscard]] std::string path() const { return folder_ + "/" + status_.part + "/status.json"; }

  std::string folder_;
  PartStatus status_;
  std::chrono::steady_clock::time_point due_;
};

}  // namespace gridqueue

// How much memory a run may take: what it has worked out is saved before the system would end it.
#pragma once
#include <optional>
#include <string>

namespace gridqueue {

//! Of the machine, or of the control group of this process (a job, a container) or one above it, whichever has least
//! [bytes]. `system`: for tests, in place of "/".
double available_memory(const std::string& system = "/");
double resident_memory();  //!< of this process, at present [bytes]

class MemoryBound {
 public:
  //! `bytes`: 0 = nearly all that is available, shared by so many processes alike.
  MemoryBound(double bytes, int processes);
  //! Why not to go on, where this process has more.
  [[nodiscard]] std::optional<std::string> exceeded() const;

 private:
  double bytes_;
  bool chosen_;  //!< by the user
};

}  // namespace gridqueue

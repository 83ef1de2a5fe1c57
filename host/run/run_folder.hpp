// The folder beside a results file, X.h5.d, in which a run keeps what it has worked out until X.h5 is whole: segments
// of answers by part, what run it is, how far each part is, and the results file under its first name.
#pragma once
#include <optional>
#include <string>

#include "host/results/provenance.hpp"
#include "host/run/overrides.hpp"

namespace gridqueue {

//! One of N parts of a run, numbered from 1.
struct Shard {
  std::uint64_t index = 1, count = 1;
};

//! What run a folder belongs to: enough to run it again.
struct RunManifest {
  Provenance provenance;     //!< study, feeder, model, precision, backend, seed, orders
  std::string study_file;    //!< absolute
  StudyOverrides overrides;  //!< of the command line
  std::uint64_t shards = 0;  //!< the run is split in; 0 = it is not
};

class RunFolder {
 public:
  //! A symbolic link stands for what it names.
  explicit RunFolder(const std::string& results);

  [[nodiscard]] const std::string& results() const { return results_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  //! Where this process writes the results file; makes the folder.
  [[nodiscard]] std::string temporary_results() const;
  //! None where no run has written here. Throws Error(input) where the file is damaged.
  [[nodiscard]] std::optional<RunManifest> manifest() const;
  //! Says what run this is. Throws Error(input) where the folder belongs to another.
  void claim(const RunManifest& manifest) const;
  //! The same, whatever run was here before.
  void take_over(const RunManifest& manifest) const;
  //! Takes away all that runs write here, of all parts, and the folder where it is empty then.
  void clear() const;
  //! Takes away what this process has not finished.
  void remove_temporary() const;
  //! Takes away what processes have not finished that are gone.
  void remove_stale() const;

 private:
  [[nodiscard]] std::string manifest_path() const { return path_ + "/run.json"; }
  std::string results_, path_;
};

//! Throws Error(input) that names what differs.
void check_same_run(const std::string& where, const Provenance& then, const Provenance& now);

}  // namespace gridqueue

// Sharing rules of a results file: `gridqueue allocate RESULTS.h5`, and [allocation] of `gridqueue run`.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "host/allocate/study_sharing.hpp"
#include "host/answers/answer_store.hpp"
#include "host/study/study.hpp"

namespace gridqueue {

struct SharingTask {
  std::shared_ptr<const Policy> policy;  //!< the walk's
  std::vector<SharingRule> rules;
  bool show_progress = false;
  AnswerStore* store = nullptr;  //!< of answers at hand; null = none
};
//! Works the rules out on the study's feeder and writes the file's group /allocation. `options`: the walk's. Of a file
//! that nobody knows yet: when it fails the file is lost.
std::shared_ptr<const FileSharing> share_and_write(const std::string& results, const Network& network,
                                                   EvaluatorOptions options, const SharingTask& task);
//! The same of a finished file: a copy beside it is written, and takes its place when it is whole.
std::shared_ptr<const FileSharing> share_beside(const std::string& results, const Network& network,
                                                const EvaluatorOptions& options, const SharingTask& task);

}  // namespace gridqueue

// Sharing rules of a results file: `gridqueue allocate RESULTS.h5`, and [allocation] of `gridqueue run`.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "host/allocate/study_sharing.hpp"
#include "host/study/study.hpp"

namespace gridqueue {

//! Works the rules out on the study's feeder and writes the file's group /allocation. `options`: the walk's.
std::shared_ptr<const FileSharing> share_and_write(const std::string& results, const Study& study,
                                                   const Network& network, EvaluatorOptions options,
                                                   const std::vector<SharingRule>& rules);

}  // namespace gridqueue

// What `gridqueue run` and `gridqueue show` print of a file of many queues.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "host/allocate/study_sharing.hpp"

namespace gridqueue {

//! What the file says: of all queues, or of one.
void report_queues(const std::string& path, bool json, const std::shared_ptr<const FileSharing>& sharing = {});
void report_queue(const std::string& path, std::uint64_t queue, bool json);

}  // namespace gridqueue

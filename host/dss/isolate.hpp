// A process of its own for each use of OpenDSS.
#pragma once
#include <functional>
#include <string>

#include "host/dss/private_folder.hpp"

namespace gridqueue {

//! Runs `work` in a child process; what it returns comes back, its errors are thrown here. OpenDSS aborts when a
//! context with Fuse objects is cleared or its process exits, so the child leaves by _exit. What it writes lands in
//! `folder` (keep_writes_in), or in one that is gone afterwards. It ends where this process ends, by whatever signal.
std::string run_isolated(const PrivateFolder& folder, const std::function<std::string()>& work);
std::string run_isolated(const std::function<std::string()>& work);

}  // namespace gridqueue

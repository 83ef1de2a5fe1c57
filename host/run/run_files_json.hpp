// The small files of a run's folder, as JSON.
#pragma once
#include <optional>
#include <string>

#include "host/run/part_status.hpp"
#include "host/run/run_folder.hpp"

namespace gridqueue {

std::string manifest_text(const RunManifest& manifest);
//! Throws Error(input) naming `path`.
RunManifest parse_manifest(const std::string& text, const std::string& path);

std::string status_text(const PartStatus& status);
//! None where the text is damaged.
std::optional<PartStatus> parse_status(const std::string& text);

//! What `gridqueue status` prints; `shards`: parts that there shall be, 0 = not known.
std::string statuses_text(const std::string& folder, const std::vector<PartStatus>& parts, std::uint64_t shards);
std::string statuses_table(const std::string& folder, const std::vector<PartStatus>& parts, std::uint64_t shards);

}  // namespace gridqueue

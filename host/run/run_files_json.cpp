#include "host/run/run_files_json.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

using Json = nlohmann::ordered_json;
constexpr const char* kType = "gridqueue run";
constexpr int kVersion = 1;

Json number_or_null(const std::optional<std::uint64_t>& number) { return number ? Json(*number) : Json(nullptr); }

std::optional<std::uint64_t> optional_number(const Json& j, const char* key) {
  const Json& value = j.at(key);
  if (value.is_null()) return {};
  return value.get<std::uint64_t>();
}

}  // namespace

std::string manifest_text(const RunManifest& m) {
  const Provenance& p = m.provenance;
  const Json j{{"file_type", kType},
               {"version", kVersion},
               {"program_version", p.program_version},
               {"study_file", m.study_file},
               {"study", p.study},
               {"tables", p.tables},
               {"feeder", p.feeder},
               {"feeder_file", p.feeder_file},
               {"feeder_checksum", p.feeder_checksum},
               {"feeder_digest", p.feeder_digest},
               {"model", p.model},
               {"precision", p.precision},
               {"backend", p.backend},
               {"seed", p.seed},
               {"orders", p.orders},
               {"asked",
                {{"orders", number_or_null(m.overrides.orders)},
                 {"seed", number_or_null(m.overrides.seed)},
                 {"max_states", number_or_null(m.overrides.max_states)}}},
               {"shards", m.shards}};
  return j.dump(1) + "\n";
}

RunManifest parse_manifest(const std::string& text, const std::string& path) {
  try {
    const Json j = Json::parse(text);
    if (j.at("file_type") != kType || j.at("version") != kVersion)
      fail_input("'{}' is of another program version; start the run anew with --force", path);
    RunManifest m;
    Provenance& p = m.provenance;
    j.at("program_version").get_to(p.program_version);
    j.at("study_file").get_to(m.study_file);
    j.at("study").get_to(p.study);
    if (j.contains("tables")) j.at("tables").get_to(p.tables);
    j.at("feeder").get_to(p.feeder);
    j.at("feeder_file").get_to(p.feeder_file);
    j.at("feeder_checksum").get_to(p.feeder_checksum);
    j.at("feeder_digest").get_to(p.feeder_digest);
    j.at("model").get_to(p.model);
    j.at("precision").get_to(p.precision);
    j.at("backend").get_to(p.backend);
    j.at("seed").get_to(p.seed);
    j.at("orders").get_to(p.orders);
    const Json& asked = j.at("asked");
    m.overrides = {optional_number(asked, "orders"), optional_number(asked, "seed"),
                   optional_number(asked, "max_states")};
    j.at("shards").get_to(m.shards);
    return m;
  } catch (const nlohmann::json::exception& e) {
    fail_input("'{}' is damaged ({}); start the run anew with --force", path, e.what());
  }
}

std::string status_text(const PartStatus& s) {
  const Json j{{"part", s.part},       {"host", s.host},           {"pid", s.pid},        {"started", s.started},
               {"updated", s.updated}, {"fraction", s.fraction},   {"slice", s.slice},    {"segments", s.segments},
               {"done", s.done},       {"evaluated", s.evaluated}, {"looked_up", s.found}};
  return j.dump(1) + "\n";
}

std::optional<PartStatus> parse_status(const std::string& text) {
  try {
    const Json j = Json::parse(text);
    PartStatus s;
    j.at("part").get_to(s.part);
    j.at("host").get_to(s.host);
    j.at("pid").get_to(s.pid);
    j.at("started").get_to(s.started);
    j.at("updated").get_to(s.updated);
    j.at("fraction").get_to(s.fraction);
    s.slice = j.value("slice", s.slice);
    s.segments = j.value("segments", s.segments);
    j.at("done").get_to(s.done);
    j.at("evaluated").get_to(s.evaluated);
    j.at("looked_up").get_to(s.found);
    return s;
  } catch (const nlohmann::json::exception&) {
    return {};
  }
}

namespace {

//! [s] until a part ends, at the pace so far; none where it cannot be told.
std::optional<double> left_of(const PartStatus& s) {
  if (s.done || !s.alive() || s.fraction <= 0) return {};
  return (s.updated - s.started) * (1 - s.fraction) / s.fraction;
}

const char* word_for(const PartStatus& s) { return s.done ? "done" : s.alive() ? "running" : "gone"; }

}  // namespace

std::string statuses_text(const std::string& folder, const std::vector<PartStatus>& parts, std::uint64_t shards) {
  Json list = Json::array();
  for (const PartStatus& s : parts) {
    Json j = Json::parse(status_text(s));
    j["state"] = word_for(s);
    const auto left = left_of(s);
    j["seconds_left"] = left ? Json(*left) : Json(nullptr);
    list.push_back(std::move(j));
  }
  return Json{{"folder", folder}, {"shards", shards}, {"parts", std::move(list)}}.dump(2);
}

std::string statuses_table(const std::string& folder, const std::vector<PartStatus>& parts, std::uint64_t shards) {
  std::string text = fmt::format("{}\n\n{:<14} {:<8} {:>7} {:>12} {:>12} {:>9}  {}\n", folder, "part", "state", "done",
                                 "worked out", "looked up", "left s", "on");
  for (const PartStatus& s : parts) {
    const auto left = left_of(s);
    text += fmt::format("{:<14} {:<8} {:>5.1f} % {:>12} {:>12} {:>9}  {}\n", s.part, word_for(s), 100 * s.fraction,
                        s.evaluated, s.found, left ? fmt::format("{:.0f}", *left) : "", s.host);
  }
  if (shards == 0) return text;
  const auto done = std::count_if(parts.begin(), parts.end(), [](const PartStatus& s) { return s.done; });
  const auto there = std::count_if(parts.begin(), parts.end(),
                                   [](const PartStatus& s) { return s.part.find("-of-") != std::string::npos; });
  return text + fmt::format("\n{} of {} parts are done, {} not started.\n", done, shards,
                            static_cast<std::int64_t>(shards) - there);
}

}  // namespace gridqueue

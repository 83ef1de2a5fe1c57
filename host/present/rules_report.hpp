// The table of a study: unit x rule, $ and $/kW, with each unit's range over orders beside it.
#pragma once
#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "host/allocate/study_sharing.hpp"

namespace gridqueue {

void print_sharing(const SharingTable& table, std::ostream& out);
nlohmann::ordered_json sharing_json(const SharingTable& table);

//! The same, and what the rules were worked out from.
void print_sharing(const StudySharing& sharing, std::ostream& out);
nlohmann::ordered_json sharing_json(const StudySharing& sharing);

//! Of many queues: how far each rule is from the mean over orders, which is called the Shapley value where it is that
//! in all of them.
void print_sharing(const std::vector<StudySharing>& queues, std::ostream& out);
nlohmann::ordered_json sharing_json(const std::vector<StudySharing>& queues);

//! Of a results file.
void print_sharing(const FileSharing& sharing, std::ostream& out);
nlohmann::ordered_json sharing_json(const FileSharing& sharing);
//! As text, with the file's name.
std::string sharing_text(const FileSharing& sharing, const std::string& file);

}  // namespace gridqueue

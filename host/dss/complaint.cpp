#include "host/dss/complaint.hpp"

#include <filesystem>
#include <fstream>

#include "gridqueue/contracts.hpp"
#include "gridqueue/network.hpp"
#include "host/core/text.hpp"
#include "host/dss/model_files.hpp"

namespace gridqueue {
namespace {

namespace fs = std::filesystem;
constexpr auto kNone = std::string::npos;

//! "" where `text` lacks one of the two.
std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const std::size_t at = text.find(before);
  if (at == kNone) return {};
  const std::size_t from = at + before.size(), to = text.find(after, from);
  return to == kNone ? std::string() : text.substr(from, to - from);
}

bool says(const std::string& text, const char* words) { return text.find(words) != kNone; }

std::string in_one_line(const std::string& text) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == '\n' || c == '\r' || c == '\t' || c == ' ';
    if (!blank) line += c;
    else if (!line.empty() && line.back() != ' ') line += ' ';
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

//! What went wrong within a function of OpenDSS, without the function.
std::string without_insides(const std::string& line) {
  const std::string what = between(line, "Error Description: ", " Probable Cause: ");
  if (what.empty()) return line;
  const std::string rest = line.substr(line.find(" Probable Cause: ") + 17);
  const std::size_t place = std::min(rest.find(" [file: "), rest.size());
  return fmt::format("{} ({}){}", what, rest.substr(0, place), rest.substr(place));
}

//! Where the script names it.
struct Place {
  std::string folder, text;  //!< of the script; its line
};

Place place_of(const std::string& line) {
  const std::string file = between(line, "[file: \"", "\", line: "), number = between(line, "\", line: ", "]");
  if (file.empty() || number.empty()) return {};
  Place place{fs::absolute(file).parent_path().string(), {}};
  std::ifstream script(file);
  for (long left = std::strtol(number.c_str(), nullptr, 10); left > 0 && std::getline(script, place.text);) --left;
  return place;
}

//! The file that is there instead of `name`; a name without quotes ends at a blank.
std::string hint_of_file(const std::string& line, const std::string& name) {
  const Place place = place_of(line);
  const auto hint = [&](const std::string& found, const char* why) {
    return fmt::format("'{}' is there; {}", fs::relative(found, place.folder).string(), why);
  };
  if (place.folder.empty()) return {};
  if (const std::string found = meant_file(place.folder, name); !found.empty())
    return hint(found, "letter case counts here, so write the name as it is on disk");
  const std::size_t at = place.text.find(name);
  if (at == kNone) return {};
  for (std::size_t end = place.text.find(' ', at); end != kNone; end = place.text.find(' ', end + 1)) {
    const std::size_t word = std::min(place.text.find_first_of(" \r\n", end + 1), place.text.size());
    if (const std::string found = meant_file(place.folder, place.text.substr(at, word - at)); !found.empty())
      return hint(found, "a name with blanks needs quotes around it");
  }
  return {};
}

std::string hint_of_property(const std::string& line, const std::vector<std::string>& properties) {
  const std::string name = lower_case(between(line, "Unknown parameter \"", "\"")),
                    close = closest_name(name, properties);
  return close.empty() ? "OpenDSS has no property of that name" : fmt::format("did you mean '{}'?", close);
}

std::string hint(const std::string& line, const std::function<std::vector<std::string>()>& properties) {
  for (const char* before : {"Redirect file not found: \"", "Error opening file: \"", "Error opening file \"",
                             "Error in opening file: \"", "File not found: \"", "CSV file \""})
    if (const std::string name = between(line, before, "\""); !name.empty()) {
      const std::string found = hint_of_file(line, name);
      return found.empty() ? "no such file; its place counts from the file that names it" : found;
    }
  if (says(line, "Unknown parameter \"")) return hint_of_property(line, properties());
  if (says(line, "You must create a new circuit object first"))
    return "no New Circuit comes before this; is it the master file?";
  if (says(line, "Duplicate new element definition: \"Vsource.source\""))
    return "a second New Circuit; OpenDSS holds one: take the other out, or put Clear before the one that is meant";
  if (says(line, "Duplicate new element definition"))
    return "defined twice; take one out, or write Edit instead of New where it is to be changed";
  if (says(line, "Matrix Inversion Error for Line")) return "a line needs a length and an impedance above 0";
  if (says(line, "Max Control Iterations Exceeded"))
    return "its controls do not settle; --command \"set maxcontroliter=100\" gives them more rounds";
  return {};
}

}  // namespace

std::string complaint(const std::string& words, const std::function<std::vector<std::string>()>& properties) {
  const std::string line = without_insides(in_one_line(words)), help = hint(line, properties);
  return help.empty() ? "OpenDSS: " + line : fmt::format("OpenDSS: {} ({})", line, help);
}

}  // namespace gridqueue

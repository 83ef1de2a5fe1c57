#include "host/dss/model_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "gridqueue/contracts.hpp"
#include "host/core/text.hpp"

namespace gridqueue {
namespace {

namespace fs = std::filesystem;

//! Only scripts are searched for further files; load shapes are long and name none.
bool is_script(const fs::path& file) {
  const std::string extension = lower_case(file.extension().string());
  return extension == ".dss" || extension == ".txt";
}

std::string without_comment(std::string line) {
  const std::size_t end = std::min(line.find('!'), line.find("//"));
  return end == std::string::npos ? line : line.substr(0, end);
}

//! Words between blanks and OpenDSS's delimiters; quotes hold a word together.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words(1);
  char quote = 0;
  for (char c : line) {
    if (quote ? c == quote : (c == '"' || c == '\'')) quote = quote ? 0 : c;
    else if (!quote && std::string(" \t\r=(),[]").find(c) != std::string::npos) words.emplace_back();
    else words.back() += c;
  }
  words.erase(std::remove(words.begin(), words.end(), ""), words.end());
  return words;
}

struct NamedFile {
  std::string name;
  bool followed = false;  //!< a script that is run there
};

std::vector<NamedFile> named_in(const std::string& line) {
  static const std::set<std::string> commands{"redirect", "compile", "buscoords"};
  static const std::set<std::string> properties{"csvfile", "sngfile", "dblfile", "file"};
  const std::vector<std::string> words = words_of(line);
  std::vector<NamedFile> names;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const std::string word = lower_case(words[i]);
    if ((i == 0 && commands.count(word)) || properties.count(word))
      names.push_back({words[i + 1], i == 0 && word != "buscoords"});
  }
  return names;
}

//! Calls `use(line)` outside of comments.
template <class Use>
void for_each_line(const fs::path& script, const Use& use) {
  std::ifstream text(script, std::ios::binary);
  if (!text) fail_input("cannot read '{}'", script.string());
  bool comment = false;  // from a line that begins with /* to one that holds */
  for (std::string line; std::getline(text, line);) {
    comment = comment || line.rfind("/*", 0) == 0;
    if (!comment) use(without_comment(line));
    comment = comment && line.find("*/") == std::string::npos;
  }
}

//! Calls `use(named file)` for all that a line names.
template <class Use>
void for_each_named(const std::string& line, const Use& use) {
  for (NamedFile named : named_in(line)) {
    std::replace(named.name.begin(), named.name.end(), '\\', '/');
    use(named);
  }
}

//! OpenDSS writes beside the matrices of a GICTransformer (element 0 of a row), and may die of it at any time.
void refuse_deadly_class(const std::string& line) {
  const std::string lower = lower_case(line);
  if (lower.find("gictransformer.") == std::string::npos) return;
  const std::vector<std::string> words = words_of(lower);
  for (std::size_t i = 1; i < std::min<std::size_t>(words.size(), 3) && words[0] == "new"; ++i)
    if (words[i].rfind("gictransformer.", 0) == 0)
      fail_input(
          "'{}': class gictransformer (cannot be represented; OpenDSS may die of it, so that nothing else of the "
          "model was looked at)",
          words[i]);
}

void collect(const fs::path& file, std::set<fs::path>& seen, std::vector<std::string>& files) {
  std::error_code error;
  const fs::path path = fs::canonical(file, error);
  if (error || !fs::is_regular_file(path) || !seen.insert(path).second) return;
  files.push_back(path.string());
  if (!is_script(path)) return;
  for_each_line(path, [&](const std::string& line) {
    for_each_named(line, [&](const NamedFile& named) { collect(path.parent_path() / named.name, seen, files); });
  });
}

void follow(const fs::path& file, std::vector<fs::path>& open, std::set<fs::path>& done) {
  std::error_code error;
  const fs::path path = fs::canonical(file, error);
  if (error || !fs::is_regular_file(path) || done.count(path)) return;
  const auto circle = std::find(open.begin(), open.end(), path);
  if (circle != open.end()) {
    std::string way;
    for (auto at = circle; at != open.end(); ++at) way += fmt::format("'{}' -> ", at->filename().string());
    fail_input("the model includes itself ({}'{}'; take that Redirect or Compile out)", way, path.filename().string());
  }
  open.push_back(path);
  for_each_line(path, [&](const std::string& line) {
    refuse_deadly_class(line);
    for_each_named(line, [&](const NamedFile& named) {
      if (named.followed) follow(path.parent_path() / named.name, open, done);
    });
  });
  open.pop_back();
  done.insert(path);
}

}  // namespace

std::vector<std::string> model_files(const std::string& master) {
  std::set<fs::path> seen;
  std::vector<std::string> files;
  collect(master, seen, files);
  if (files.empty()) fail_input("no such file '{}'", master);
  return files;
}

void check_scripts(const std::string& master) {
  std::vector<fs::path> open;
  std::set<fs::path> done;
  follow(master, open, done);
}

std::string meant_file(const std::string& folder, const std::string& name) {
  std::string slashes = name;
  std::replace(slashes.begin(), slashes.end(), '\\', '/');
  fs::path found = fs::path(slashes).is_absolute() ? fs::path("/") : fs::path(folder);
  std::error_code error;
  for (const fs::path& part : fs::path(slashes).relative_path()) {
    if (fs::exists(found / part, error)) {
      found /= part;
      continue;
    }
    const auto alike = [&](const fs::directory_entry& e) {
      return lower_case(e.path().filename().string()) == lower_case(part.string());
    };
    const fs::directory_iterator entries(found, error), end;
    const auto at = error ? end : std::find_if(entries, end, alike);
    if (at == end) return {};
    found = at->path();
  }
  return fs::is_regular_file(found, error) ? found.string() : std::string();
}

}  // namespace gridqueue

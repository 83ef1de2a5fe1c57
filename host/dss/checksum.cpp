#include "host/dss/checksum.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>

#include "gridqueue/contracts.hpp"
#include "host/core/text.hpp"

namespace gridqueue {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) fail_input("cannot read '{}'", file.string());
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

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

std::vector<std::string> named_in(const std::string& line) {
  static const std::set<std::string> commands{"redirect", "compile", "buscoords"};
  static const std::set<std::string> properties{"csvfile", "sngfile", "dblfile", "file"};
  const std::vector<std::string> words = words_of(line);
  std::vector<std::string> names;
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    if ((i == 0 && commands.count(lower_case(words[i]))) || properties.count(lower_case(words[i])))
      names.push_back(words[i + 1]);
  return names;
}

void collect(const fs::path& file, std::set<fs::path>& seen, std::vector<std::string>& files) {
  std::error_code error;
  const fs::path path = fs::canonical(file, error);
  if (error || !fs::is_regular_file(path) || !seen.insert(path).second) return;
  files.push_back(path.string());
  if (!is_script(path)) return;
  std::istringstream text(bytes_of(path));
  for (std::string line; std::getline(text, line);)
    for (std::string name : named_in(without_comment(line))) {
      std::replace(name.begin(), name.end(), '\\', '/');
      collect(path.parent_path() / name, seen, files);
    }
}

}  // namespace

std::vector<std::string> model_files(const std::string& master) {
  std::set<fs::path> seen;
  std::vector<std::string> files;
  collect(master, seen, files);
  if (files.empty()) fail_input("no such file '{}'", master);
  return files;
}

std::string model_checksum(const std::string& master) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  GQ_ENSURE(EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1);
  for (const std::string& file : model_files(master)) {
    const std::string bytes = bytes_of(file);
    GQ_ENSURE(EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1);
  }
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  GQ_ENSURE(EVP_DigestFinal_ex(context.get(), digest, &size) == 1);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

}  // namespace gridqueue

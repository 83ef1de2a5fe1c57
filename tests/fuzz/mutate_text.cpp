// Spoils bytes of any file, and the words of a TOML text.
#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>
#include <utility>

#include "tests/fuzz/mutate.hpp"

namespace gridqueue::fuzz {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

void fill(std::string& bytes, std::size_t at, std::size_t count, Random* random, char value = 0) {
  for (std::size_t i = at; i < std::min(bytes.size(), at + count); ++i)
    bytes[i] = random ? static_cast<char>(random->bits()) : value;
}

std::string spoil_bytes(std::string& bytes, Random& random) {
  const std::size_t at = random.below(bytes.size()), size = std::size_t{1} << random.below(13);
  switch (random.below(7)) {
    case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8))); return "one bit flipped";
    case 1:
      for (std::size_t i = 0; i < 8; ++i) bytes[random.below(bytes.size())] ^= static_cast<char>(1 << random.below(8));
      return "eight bits flipped";
    case 2: fill(bytes, at, size, nullptr); return "a block of zeros";
    case 3: fill(bytes, at / 8 * 8, 8, nullptr, '\xff'); return "eight bytes of ones";
    case 4: fill(bytes, at, std::min<std::size_t>(size, 64), &random); return "a block of noise";
    case 5: bytes.resize(at); return "cut off";
    default: {
      const std::string block = bytes.substr(at, size);
      const std::size_t to = random.below(bytes.size());
      bytes.replace(to, std::min(block.size(), bytes.size() - to), block.substr(0, bytes.size() - to));
      return "a block copied elsewhere";
    }
  }
}

//! First and one past the last character of what stands between delimiters.
using Span = std::pair<std::size_t, std::size_t>;

bool of_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || std::string("_.+-\"").find(c) < 5; }

std::vector<Span> words_of(const std::string& text) {
  std::vector<Span> words;
  for (std::size_t i = 0; i < text.size();) {
    if (!of_word(text[i])) {
      ++i;
      continue;
    }
    const std::size_t first = i;
    while (i < text.size() && of_word(text[i])) ++i;
    words.emplace_back(first, i);
  }
  return words;
}

const std::vector<std::string>& hostile_numbers() {
  static const std::vector<std::string> values = {"0",
                                                  "-1",
                                                  "1",
                                                  "2",
                                                  "1e9",
                                                  "1000000000",
                                                  "9223372036854775807",
                                                  "1e308",
                                                  "-1e308",
                                                  "1e30",
                                                  "1e24",
                                                  "1e15",
                                                  "1e12",
                                                  "1e-300",
                                                  "1e-9",
                                                  "nan",
                                                  "inf",
                                                  "-inf",
                                                  "0.5",
                                                  "3",
                                                  "-7",
                                                  "100",
                                                  "100000",
                                                  "1e6",
                                                  "99999999999999999999"};
  return values;
}

bool is_number(const std::string& word) {
  return std::isdigit(static_cast<unsigned char>(word[0])) ||
         (word.size() > 1 && (word[0] == '-' || word[0] == '+') && std::isdigit(static_cast<unsigned char>(word[1])));
}

std::string spoil_number(std::string& text, const std::vector<Span>& words, Random& random) {
  for (int tries = 0; tries < 50; ++tries) {
    const auto [first, last] = random.of(words);
    const std::string was = text.substr(first, last - first);
    if (!is_number(was)) continue;
    const std::string& value = random.of(hostile_numbers());
    text.replace(first, last - first, value);
    return was + " -> " + value;
  }
  return "nothing";
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

const std::vector<std::string>& hostile_values() {
  static const std::vector<std::string> values = {"0",
                                                  "-1",
                                                  "1",
                                                  "2",
                                                  "1e9",
                                                  "1000000000",
                                                  "9223372036854775807",
                                                  "-9223372036854775808",
                                                  "1e308",
                                                  "-1e308",
                                                  "1e30",
                                                  "1e24",
                                                  "1e-300",
                                                  "nan",
                                                  "inf",
                                                  "-inf",
                                                  "0.5",
                                                  "true",
                                                  "\"\"",
                                                  "\"x\"",
                                                  "[]",
                                                  "{}",
                                                  "[[]]",
                                                  "1979-05-27",
                                                  "\"/dev/zero\"",
                                                  "\"/\"",
                                                  "\".\"",
                                                  "\"\\u0000\"",
                                                  "\"bus 1\"",
                                                  "[1, 2, 3]",
                                                  "[\"a\", \"b\"]",
                                                  "{ kw = 1 }",
                                                  "0x7fffffff",
                                                  "\"all\"",
                                                  "\"random\"",
                                                  "\"given\"",
                                                  "\"linear\"",
                                                  "\"screened\"",
                                                  "99999999999999999999",
                                                  "\"\xff\xfe\"",
                                                  "\"" + std::string(100'000, 'y') + "\"",
                                                  std::string(2'000, '[') + std::string(2'000, ']')};
  return values;
}

std::string spoil_line(std::string& text, Random& random) {
  std::vector<std::string> lines = lines_of(text);
  if (lines.empty()) return "nothing";
  const std::size_t at = random.below(lines.size()), other = random.below(lines.size());
  std::string what;
  switch (random.below(5)) {
    case 0: what = "without line: " + lines[at], lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at)); break;
    case 1:
      what = "twice: " + lines[at], lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), lines[at]);
      break;
    case 2: what = "lines swapped", std::swap(lines[at], lines[other]); break;
    case 3:
      what = "a line of noise", lines[at] = std::string(1 + random.below(40), static_cast<char>(random.bits()));
      break;
    default: {
      const std::size_t equals = lines[at].find('=');
      if (equals == std::string::npos) return "nothing";
      const std::string& value = random.of(hostile_values());
      lines[at] = lines[at].substr(0, equals + 1) + " " + value;
      what = lines[at].substr(0, 60);
    }
  }
  text = joined(lines);
  return what;
}

std::string spoil_text(std::string& text, Random& random) {
  const auto words = words_of(text);
  const std::size_t choice = random.below(10);
  if (choice > 4 && !words.empty()) return spoil_number(text, words, random);
  if (choice == 0 || words.empty()) return spoil_bytes(text, random);
  if (choice < 3) return spoil_line(text, random);
  const auto [first, last] = random.of(words);
  const std::string& value = random.of(hostile_values());
  const std::string what = text.substr(first, last - first) + " -> " + value.substr(0, 40);
  text.replace(first, last - first, value);
  return what;
}

}  // namespace

std::string mutate_bytes(const std::string& path, Random& random) {
  std::string bytes = read_file(path);
  if (bytes.empty()) return "nothing";
  const std::string what = spoil_bytes(bytes, random);
  write_file(path, bytes);
  return what;
}

std::string once_or_twice(Random& random, const std::function<std::string()>& spoil) {
  std::string what;
  for (std::size_t i = 0, times = 1 + random.below(2); i < times; ++i) what += (i ? "; " : "") + spoil();
  return what;
}

std::string mutate_toml(const std::string& path, Random& random) {
  std::string text = read_file(path);
  const std::string what = once_or_twice(random, [&] { return text.empty() ? "nothing" : spoil_text(text, random); });
  write_file(path, text);
  return what;
}

}  // namespace gridqueue::fuzz

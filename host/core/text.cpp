#include "host/core/text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <ostream>

namespace gridqueue {

std::string usd_text(double usd) {
  if (!std::isfinite(usd)) return "?";
  std::string digits = fmt::format("{:.0f}", usd);
  if (digits == "-0") return "0";
  for (std::size_t i = digits.size(); i > 3 && digits[i - 4] != '-'; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

std::string lower_case(std::string text) {
  unsigned char before = 0;
  for (char& letter : text) {
    const auto c = static_cast<unsigned char>(letter);
    const bool accented = before == 0xC3 && c >= 0x80 && c <= 0x9E && c != 0x97;  // UTF-8 of A with grave to thorn
    letter = static_cast<char>(accented ? c + 0x20 : std::tolower(c));
    before = c;
  }
  return text;
}

std::string money_text(double usd) { return usd_text(usd) + " $"; }

void TextTable::print(std::ostream& out) const {
  std::vector<std::size_t> width(rows_.front().size(), 0);
  for (const auto& row : rows_)
    for (std::size_t c = 0; c < row.size(); ++c) width.at(c) = std::max(width[c], row[c].size());
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c)
      line += c == 0 ? fmt::format("{:<{}}", row[c], width[c]) : fmt::format("  {:>{}}", row[c], width[c]);
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
}

}  // namespace gridqueue

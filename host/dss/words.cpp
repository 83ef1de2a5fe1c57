#include "host/dss/words.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "gridqueue/contracts.hpp"

namespace gridqueue {

std::string dss_word(const std::string& name) {
  constexpr std::string_view kPlain = "_.-:%$";  // besides letters of any alphabet and numbers
  const auto plain = [&](unsigned char c) {
    return c >= 0x80 || std::isalnum(c) || kPlain.find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (!name.empty() && std::all_of(name.begin(), name.end(), plain)) return name;
  for (const char* quotes : {"\"\"", "''", "()", "[]", "{}"})
    if (name.find(quotes[1]) == std::string::npos) return quotes[0] + name + quotes[1];
  fail_input("the name {} cannot be written in OpenDSS's language (it has every kind of quotes)", name);
}

}  // namespace gridqueue

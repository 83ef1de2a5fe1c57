// Numbers in JSON, which has no infinity and no NaN, and JSON as text.
#pragma once
#include <cmath>
#include <nlohmann/json.hpp>

namespace gridqueue {

//! null for what is not finite.
inline nlohmann::ordered_json json_number(double x) {
  return std::isfinite(x) ? nlohmann::ordered_json(x) : nlohmann::ordered_json(nullptr);
}

//! As text, indented. Names of files and of other people's models may be no UTF-8: what is not becomes U+FFFD.
template <class Json>
std::string json_text(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace gridqueue

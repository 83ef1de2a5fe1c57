// What a results file keeps of the orders of a queue.
#pragma once
#include <array>

namespace gridqueue {

enum class Kept {
  summary,  //!< what they come to
  states,   //!< and every state and step that they meet
  orders,   //!< and each of them
};
inline constexpr std::array kKeptNames = {"summary", "states", "orders"};
inline const char* kept_name(Kept k) { return kKeptNames[static_cast<std::size_t>(k)]; }

}  // namespace gridqueue

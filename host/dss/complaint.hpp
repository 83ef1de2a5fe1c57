// OpenDSS's error messages, with what a user can do about them.
#pragma once
#include <functional>
#include <string>
#include <vector>

namespace gridqueue {

//! One line: OpenDSS's own words, without those that say nothing, and where we know it what helps. `properties` are
//! those of the object that was edited last, asked for only where the message is about one.
std::string complaint(const std::string& words, const std::function<std::vector<std::string>()>& properties);

}  // namespace gridqueue

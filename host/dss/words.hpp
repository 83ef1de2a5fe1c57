// Names in OpenDSS's language.
#pragma once
#include <string>

namespace gridqueue {

//! The name as one word, in quotes where it needs some: in double ones, else in those of OpenDSS that it does not have.
//! Throws Error(input) where it has them all.
std::string dss_word(const std::string& name);

}  // namespace gridqueue

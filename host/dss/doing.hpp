// What OpenDSS is asked for, for the words about its death.
#pragma once
#include <string>

namespace gridqueue {

//! Within run_isolated: what is told where the process ends without an answer.
void note_doing(const std::string& text);

}  // namespace gridqueue

// Keeps what OpenDSS writes out of the user's folders.
#pragma once
#include <string>

namespace gridqueue {

//! From now on this thread and those that it starts write in `folder` alone: what is opened for writing elsewhere is
//! opened in `folder` instead, under the last part of its name; a folder made elsewhere is none, and nothing elsewhere
//! is removed or renamed. Reading is free. An OpenDSS model may hold Export, Save, Show and Dump with any path, and a
//! Compile moves where they write to, so the system calls are watched (a seccomp filter whose signal handler answers
//! them). To be called once, in a child process. Returns false where the system lacks such filters.
bool keep_writes_in(const std::string& folder);

}  // namespace gridqueue

// Where the program's own files are: found from where the program lies, so that an installed tree can be moved.
#pragma once
#include <string>

namespace gridqueue {

//! Folder of the running program.
std::string program_folder();

//! What a build folder says of itself (gridqueue-build.txt beside the program): "source", "dss" or "cuda"; "" where it
//! says nothing, as for an installed program.
std::string build_place(const std::string& what);

}  // namespace gridqueue

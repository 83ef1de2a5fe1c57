// One number for the source files of an OpenDSS model, to recognize it by.
#pragma once
#include <string>
#include <vector>

namespace gridqueue {

//! The file and the files it names (redirect, compile, buscoords, csvfile=, file=), recursively, each once, in the
//! order in which they are named. A file that is named but missing is left out: OpenDSS reports it if it matters.
std::vector<std::string> model_files(const std::string& master);

//! SHA-256 (hexadecimal) of the bytes of model_files(master), one after the other.
std::string model_checksum(const std::string& master);

}  // namespace gridqueue

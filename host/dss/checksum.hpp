// One number for the source files of an OpenDSS model, to recognize it by.
#pragma once
#include <string>

namespace gridqueue {

//! SHA-256 (hexadecimal) of the bytes of model_files(master), one after the other.
std::string model_checksum(const std::string& master);

}  // namespace gridqueue

// The files of an OpenDSS model, as its scripts name them.
#pragma once
#include <string>
#include <vector>

namespace gridqueue {

//! The file and the files it names (redirect, compile, buscoords, csvfile=, file=), recursively, each once, in the
//! order in which they are named. A file that is named but missing is left out: OpenDSS reports it if it matters.
//! Throws Error(input) where there is no such file.
std::vector<std::string> model_files(const std::string& master);

//! Throws Error(input) with the files of the circle where a script redirects to itself, by others or not: OpenDSS would
//! follow it without end. And where one makes what OpenDSS may die of.
void check_scripts(const std::string& master);

//! The file that `name`, written in a file of `folder`, must have meant, as it lies on disk: with other slashes, in
//! another letter case. "" where there is none.
std::string meant_file(const std::string& folder, const std::string& name);

}  // namespace gridqueue

// What is said of a command line that cannot be parsed.
#pragma once
#include <CLI/CLI.hpp>
#include <string>

namespace gridqueue {

//! "problem (why) suggestion", with the closest name for what is misspelt.
std::string usage_message(const CLI::App& app, const CLI::ParseError& error);

}  // namespace gridqueue

// What the command line takes.
#pragma once
#include <CLI/CLI.hpp>

#include "host/cli/command.hpp"

namespace gridqueue {

//! Adds every command; its callback does the work with what was typed, and may throw Error. `common` is kept.
void add_commands(CLI::App& app, Common& common);

}  // namespace gridqueue

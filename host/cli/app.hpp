// The program's door.
#pragma once

namespace gridqueue {

//! Parses the command line and runs one subcommand; returns the exit code (contracts.hpp).
int run_app(int argc, char** argv);

}  // namespace gridqueue

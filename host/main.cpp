#include "host/cli/app.hpp"

int main(int argc, char** argv) { return gridqueue::run_app(argc, argv); }

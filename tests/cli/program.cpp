#include "tests/cli/program.hpp"

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

namespace gridqueue::test {
namespace {

std::string read(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

Folder::Folder()
    : path_((std::filesystem::temp_directory_path() / ("gridqueue-cli-" + std::to_string(std::random_device{}())))
                .string()) {
  std::filesystem::create_directories(path_);
}

Folder::~Folder() { std::filesystem::remove_all(path_); }

std::string Folder::study(const std::string& text) const {
  std::ofstream(path_ + "/study.toml") << text;
  return path_ + "/study.toml";
}

Outcome shell(const std::string& command) {
  const Folder folder;
  const std::string out = folder / "out", err = folder / "err";
  const std::string line = "cd " GRIDQUEUE_SOURCE_DIR " && GQ=" GRIDQUEUE_BINARY_DIR "/gridqueue && { " + command +
                           "\n} > " + out + " 2> " + err;
  const int status = std::system(line.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(out), read(err)};
}

Outcome gridqueue(const std::string& arguments) { return shell("$GQ " + arguments); }

std::string small_study(const std::string& orders) {
  return "[feeder]\nfile = \"data/radial.h5\"\n[queue]\nunits = [ { bus = \"bus_1113\", kw = 567 }, { bus = "
         "\"bus_1112\", kw = 400 } ]\n"
         "[orders]\n" +
         orders;
}

}  // namespace gridqueue::test

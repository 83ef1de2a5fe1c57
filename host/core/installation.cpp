#include "gridqueue/installation.hpp"

#include <filesystem>
#include <fstream>

namespace gridqueue {

std::string program_folder() {
  std::error_code none;
  return std::filesystem::read_symlink("/proc/self/exe", none).parent_path().string();
}

std::string build_place(const std::string& what) {
  std::ifstream file(program_folder() + "/gridqueue-build.txt");
  for (std::string key, place; file >> key && std::getline(file >> std::ws, place);)
    if (key == what) return place;
  return {};
}

}  // namespace gridqueue

#include "host/dss/checksum.hpp"

#include <fstream>
#include <sstream>

#include "gridqueue/contracts.hpp"
#include "host/core/sha256.hpp"
#include "host/dss/model_files.hpp"

namespace gridqueue {
namespace {

std::string bytes_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) fail_input("cannot read '{}'", file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

std::string model_checksum(const std::string& master) {
  Sha256 digest;
  for (const std::string& file : model_files(master)) {
    const std::string bytes = bytes_of(file);
    digest.add(bytes.data(), bytes.size());
  }
  return digest.finish();
}

}  // namespace gridqueue

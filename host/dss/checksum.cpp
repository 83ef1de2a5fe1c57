#include "host/dss/checksum.hpp"

#include <openssl/evp.h>

#include <fstream>
#include <memory>
#include <sstream>

#include "gridqueue/contracts.hpp"
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
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  GQ_ENSURE(EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1);
  for (const std::string& file : model_files(master)) {
    const std::string bytes = bytes_of(file);
    GQ_ENSURE(EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1);
  }
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  GQ_ENSURE(EVP_DigestFinal_ex(context.get(), digest, &size) == 1);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

}  // namespace gridqueue

#include "host/core/sha256.hpp"

#include <openssl/evp.h>

#include <cstdint>

#include "gridqueue/contracts.hpp"

namespace gridqueue {

struct Sha256::Impl {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

Sha256::Sha256() : impl_(std::make_unique<Impl>()) {
  GQ_ENSURE(EVP_DigestInit_ex(impl_->context.get(), EVP_sha256(), nullptr) == 1);
}
Sha256::~Sha256() = default;

void Sha256::add(const void* bytes, std::size_t count) {
  if (count) GQ_ENSURE(EVP_DigestUpdate(impl_->context.get(), bytes, count) == 1);
}

void Sha256::add_text(const std::string& text) {
  const std::uint64_t size = text.size();
  add(&size, sizeof size);
  add(text.data(), text.size());
}

std::string Sha256::finish() {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  GQ_ENSURE(EVP_DigestFinal_ex(impl_->context.get(), digest, &size) == 1);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

}  // namespace gridqueue

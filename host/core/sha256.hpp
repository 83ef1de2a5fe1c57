// SHA-256 of what is fed bit by bit.
#pragma once
#include <cstddef>
#include <memory>
#include <string>

namespace gridqueue {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(const void* bytes, std::size_t count);
  //! Its length first, so that no two lists of texts are alike.
  void add_text(const std::string& text);
  //! In hexadecimal; nothing can be added afterwards.
  [[nodiscard]] std::string finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gridqueue

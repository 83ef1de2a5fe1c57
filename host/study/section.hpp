// A table of a TOML file, read with messages that name the place: file, line and full key.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/study/study.hpp"

namespace gridqueue {

class Section {
 public:
  //! The whole file. `text` is the file's content; throws Error(input) where it is no TOML.
  static Section parse(const std::string& path, const std::string& text);

  //! Any other key is an error, with the nearest of these as a suggestion.
  void allow(const std::vector<std::string>& keys) const;
  [[nodiscard]] bool has(const std::string& key) const;
  [[nodiscard]] bool is_text(const std::string& key) const;
  [[nodiscard]] Place place() const;                        //!< of the table itself
  [[nodiscard]] Place place(const std::string& key) const;  //!< of one of its values

  // Each of these throws Error(input) when the value is of another type.
  [[nodiscard]] std::optional<Said<std::string>> text(const std::string& key) const;
  [[nodiscard]] std::optional<Said<double>> number(const std::string& key) const;  //!< integers count as numbers
  [[nodiscard]] std::optional<Said<std::int64_t>> integer(const std::string& key) const;
  [[nodiscard]] std::optional<Said<bool>> flag(const std::string& key) const;
  [[nodiscard]] std::optional<Section> table(const std::string& key) const;
  [[nodiscard]] std::vector<Section> tables(const std::string& key) const;  //!< array of tables; empty if not there
  [[nodiscard]] std::vector<Said<std::string>> texts(const std::string& key) const;
  [[nodiscard]] std::vector<Said<std::vector<std::int64_t>>> integer_rows(const std::string& key) const;

  // The same for keys that must be there.
  [[nodiscard]] Said<std::string> need_text(const std::string& key) const;
  [[nodiscard]] Said<double> need_number(const std::string& key) const;

 private:
  struct Impl;
  explicit Section(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

}  // namespace gridqueue

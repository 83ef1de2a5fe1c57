#include "host/study/section.hpp"

#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>

#include "gridqueue/contracts.hpp"

namespace gridqueue {

std::string Place::text() const {
  const std::string where = line > 0 ? fmt::format("{}:{}", file, line) : file;
  return key.empty() ? where : where + ": " + key;
}

void fail_at(const Place& place, const std::string& problem) { fail_input("{}: {}", place.text(), problem); }

//! The parsed file lives as long as any of its sections.
struct Section::Impl {
  std::shared_ptr<const toml::table> file_table;
  const toml::table* table = nullptr;
  std::string file, prefix;  //!< path of the file; key of this table, "" at the root
  int line = 0;

  [[nodiscard]] const toml::node* find(const std::string& key) const { return table->get(key); }
  [[nodiscard]] Place place_of(const toml::node& node, const std::string& key) const {
    return {file, prefix.empty() ? key : prefix + "." + key, static_cast<int>(node.source().begin.line)};
  }
  [[nodiscard]] std::shared_ptr<const Impl> child(const toml::table& t, const std::string& key) const {
    const Place p = place_of(t, key);
    return std::make_shared<Impl>(Impl{file_table, &t, file, p.key, p.line});
  }
};

namespace {

const char* type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::string: return "a text";
    case toml::node_type::integer: return "an integer";
    case toml::node_type::floating_point: return "a number";
    case toml::node_type::boolean: return "true or false";
    case toml::node_type::array: return "an array";
    case toml::node_type::table: return "a table";
    default: return "a date or time";
  }
}

[[noreturn]] void wrong_type(const Place& place, const toml::node& node, const char* wanted) {
  fail_at(place, fmt::format("{} is needed here (this is {})", wanted, type_name(node)));
}

std::string text_of(const toml::node& node, const Place& place) {
  if (const auto* v = node.as_string()) {
    if (v->get().find('\0') != std::string::npos) fail_at(place, "has a zero character (\\u0000), which ends no name");
    return v->get();
  }
  wrong_type(place, node, "a text");
}

std::int64_t integer_of(const toml::node& node, const Place& place) {
  if (const auto* v = node.as_integer()) return v->get();
  wrong_type(place, node, "an integer");
}

double number_of(const toml::node& node, const Place& place) {
  if (const auto* v = node.as_integer()) return static_cast<double>(v->get());
  const auto* v = node.as_floating_point();
  if (!v) wrong_type(place, node, "a number");
  if (!std::isfinite(v->get())) fail_at(place, "a finite number is needed here");
  return v->get();
}

const toml::array& array_of(const toml::node& node, const Place& place, const char* wanted) {
  if (const auto* v = node.as_array()) return *v;
  wrong_type(place, node, wanted);
}

std::string indexed(const std::string& key, std::size_t i) { return fmt::format("{}[{}]", key, i); }

}  // namespace

Section Section::parse(const std::string& path, const std::string& text) {
  try {
    auto table = std::make_shared<const toml::table>(toml::parse(text, path));
    const toml::table* root = table.get();
    return Section(std::make_shared<Impl>(Impl{std::move(table), root, path, "", 0}));
  } catch (const toml::parse_error& e) {
    fail_input("{}:{}: not valid TOML ({})", path, e.source().begin.line, e.description());
  }
}

void Section::allow(const std::vector<std::string>& keys) const {
  for (const auto& [key, node] : *impl_->table) {
    const std::string name(key.str());
    if (std::find(keys.begin(), keys.end(), name) != keys.end()) continue;
    const std::string near = closest_name(name, keys);
    fail_at(impl_->place_of(node, name), fmt::format("unknown key '{}' (known here: {}){}", name, fmt::join(keys, ", "),
                                                     near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
  }
}

bool Section::has(const std::string& key) const { return impl_->find(key) != nullptr; }

bool Section::is_text(const std::string& key) const {
  const auto* node = impl_->find(key);
  return node && node->is_string();
}

Place Section::place() const { return {impl_->file, impl_->prefix, impl_->line}; }

Place Section::place(const std::string& key) const {
  const auto* node = impl_->find(key);
  if (node) return impl_->place_of(*node, key);
  return {impl_->file, impl_->prefix.empty() ? key : impl_->prefix + "." + key, impl_->line};
}

std::optional<Said<std::string>> Section::text(const std::string& key) const {
  const auto* node = impl_->find(key);
  if (!node) return {};
  return Said<std::string>{text_of(*node, place(key)), place(key)};
}

std::optional<Said<double>> Section::number(const std::string& key) const {
  const auto* node = impl_->find(key);
  if (!node) return {};
  return Said<double>{number_of(*node, place(key)), place(key)};
}

std::optional<Said<std::int64_t>> Section::integer(const std::string& key) const {
  const auto* node = impl_->find(key);
  if (!node) return {};
  return Said<std::int64_t>{integer_of(*node, place(key)), place(key)};
}

std::optional<Said<bool>> Section::flag(const std::string& key) const {
  const auto* node = impl_->find(key);
  if (!node) return {};
  if (!node->is_boolean()) wrong_type(place(key), *node, "true or false");
  return Said<bool>{node->as_boolean()->get(), place(key)};
}

std::optional<Section> Section::table(const std::string& key) const {
  const auto* node = impl_->find(key);
  if (!node) return {};
  if (!node->is_table()) wrong_type(place(key), *node, "a table");
  return Section(impl_->child(*node->as_table(), key));
}

std::vector<Section> Section::tables(const std::string& key) const {
  std::vector<Section> all;
  const auto* node = impl_->find(key);
  if (!node) return all;
  for (const auto& entry : array_of(*node, place(key), "an array of tables")) {
    const std::string name = indexed(key, all.size());
    if (!entry.is_table()) wrong_type(impl_->place_of(entry, name), entry, "a table");
    all.push_back(Section(impl_->child(*entry.as_table(), name)));
  }
  return all;
}

std::vector<Said<std::string>> Section::texts(const std::string& key) const {
  std::vector<Said<std::string>> all;
  const auto* node = impl_->find(key);
  if (!node) return all;
  for (const auto& entry : array_of(*node, place(key), "an array of texts")) {
    const Place at = impl_->place_of(entry, indexed(key, all.size()));
    all.push_back({text_of(entry, at), at});
  }
  return all;
}

std::vector<Said<std::vector<std::int64_t>>> Section::integer_rows(const std::string& key) const {
  std::vector<Said<std::vector<std::int64_t>>> rows;
  const auto* node = impl_->find(key);
  if (!node) return rows;
  for (const auto& entry : array_of(*node, place(key), "an array of arrays")) {
    const std::string name = indexed(key, rows.size());
    Said<std::vector<std::int64_t>> row{{}, impl_->place_of(entry, name)};
    for (const auto& value : array_of(entry, row.place, "an array of integers"))
      row.value.push_back(integer_of(value, impl_->place_of(value, indexed(name, row.value.size()))));
    rows.push_back(std::move(row));
  }
  return rows;
}

Said<std::string> Section::need_text(const std::string& key) const {
  if (auto v = text(key)) return *v;
  fail_at(place(key), "is missing");
}

Said<double> Section::need_number(const std::string& key) const {
  if (auto v = number(key)) return *v;
  fail_at(place(key), "is missing");
}

}  // namespace gridqueue

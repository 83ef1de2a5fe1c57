#include "host/feeder/feeder_digest.hpp"

#include "host/core/sha256.hpp"
#include "host/feeder/feeder_content.hpp"

namespace gridqueue {
namespace {

//! The third direction beside Writer and Reader (table_io.hpp): nothing is kept but the digest.
class Digester {
 public:
  template <class Row, class Get>
  void column(const std::string& path, std::vector<Row>& rows, Get get, const char* = "") {
    using S = Stored<Member<Row, Get>>;
    std::vector<typename S::Element> values;
    for (Row& row : rows) S::put(get(row), values);
    start(path, rows.size());
    add(values);
  }
  template <class Row, class Get>
  void first_column(const std::string& path, std::vector<Row>& rows, Get get) {
    column(path, rows, get);
  }
  template <class T>
  void values(const std::string& path, std::vector<T>& list, const char* = "") {
    column(path, list, [](T& v) -> T& { return v; });
  }
  [[nodiscard]] static bool has(const std::string&, bool needed) { return needed; }
  template <class Row, class Get>
  void lists(const std::string& path, std::vector<Row>& rows, Get get) {
    start(path, rows.size());
    for (Row& row : rows) start("", get(row).size()), add(get(row));
  }
  template <class T>
  void attribute(const std::string& name, T& value) {
    start(name, 1);
    if constexpr (std::same_as<T, int>) add(std::vector<std::int64_t>{value});
    else add(std::vector<T>{value});
  }
  [[nodiscard]] std::string finish() { return digest_.finish(); }

 private:
  void start(const std::string& path, std::uint64_t rows) {
    digest_.add_text(path);
    digest_.add(&rows, sizeof rows);
  }
  //! Texts as HDF5 keeps them: up to their first zero.
  void add(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) digest_.add_text(text.c_str());
  }
  template <class T>
  void add(const std::vector<T>& numbers) {
    digest_.add(numbers.data(), numbers.size() * sizeof(T));
  }

  Sha256 digest_;
};

}  // namespace

std::string feeder_digest(const Network& network) {
  Network copy = network;  // the description of the file works on references
  BranchRows rows = branch_rows(network);
  Digester digest;
  feeder_tables(digest, copy, rows);
  for (auto& [name, list] : copy.monitor_lists) digest.values("monitors/" + name, list);
  return digest.finish();
}

}  // namespace gridqueue

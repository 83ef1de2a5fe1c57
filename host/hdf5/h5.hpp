// A thin, typed door to the HDF5 C library: RAII handles, every call checked, netCDF-4 dimension scales.
#pragma once
#include <complex>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace gridqueue::h5 {

using Shape = std::vector<std::size_t>;

//! Checked: in chunks with checksums (fletcher32), for one dimension.
enum class Storage { plain, checked };

//! A group of an open file; the root group for File. Paths may contain '/'; missing groups are created on write.
//! Element types: double, float, std::int8_t, std::uint8_t, std::int32_t, std::uint32_t, std::int64_t,
//! std::uint64_t, std::complex<double> (compound r, i as h5py writes it), std::string (variable-length UTF-8).
class File {
 public:
  //! Replaces an existing file. The file is written under `path` at once.
  static File create(const std::string& path);
  static File create_in_memory(const std::string& name);             //!< for image()
  static File open(const std::string& path, bool writable = false);  //!< throws Error(input): missing, no HDF5, ...
  File(File&&) noexcept;
  File& operator=(File&&) noexcept;
  ~File();

  [[nodiscard]] const std::string& path() const;  //!< of the file itself
  [[nodiscard]] bool exists(const std::string& path) const;
  [[nodiscard]] std::vector<std::string> children(const std::string& group) const;
  [[nodiscard]] Shape shape(const std::string& dataset) const;

  template <class T>
  void write(const std::string& dataset, std::span<const T> values, const Shape& shape,
             Storage storage = Storage::plain);
  template <class T>
  void write(const std::string& dataset, const std::vector<T>& values) {
    write<T>(dataset, std::span<const T>(values), {values.size()});
  }
  //! Takes a group or dataset out of the file; nothing where there is none.
  void remove(const std::string& path);
  //! New values for a dataset of this size.
  template <class T>
  void replace(const std::string& dataset, std::span<const T> values);
  template <class T>
  [[nodiscard]] std::vector<T> read(const std::string& dataset) const;
  //! `count` rows along the first axis from row `first`.
  template <class T>
  [[nodiscard]] std::vector<T> read_rows(const std::string& dataset, std::size_t first, std::size_t count) const;

  //! An empty dataset that grows along its first axis: shape [0, trailing...], chunked and compressed.
  template <class T>
  void create_growing(const std::string& dataset, const Shape& trailing);
  template <class T>
  void append(const std::string& dataset, std::span<const T> values);  //!< whole rows

  //! Attributes of a group or dataset ("" or "/" = root). T: std::string, std::int64_t, double, or vectors of them.
  template <class T>
  void attribute(const std::string& object, const std::string& name, const T& value);
  template <class T>
  [[nodiscard]] T read_attribute(const std::string& object, const std::string& name) const;
  [[nodiscard]] bool has_attribute(const std::string& object, const std::string& name) const;

  //! Makes a 1-D dataset a dimension scale (netCDF-4 dimension) and attaches it to an axis of another dataset.
  void make_scale(const std::string& dataset, const std::string& dimension_name);
  void attach_scale(const std::string& dataset, std::size_t axis, const std::string& scale);

  void flush();
  [[nodiscard]] std::vector<std::uint8_t> image() const;  //!< the file's bytes, of one in memory
  //! Ends what was written. Without it a file that cannot be ended on a full disk goes unnoticed.
  void close();

 private:
  struct Impl;
  explicit File(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

//! Reads a file in a process of its own first. Throws Error(input) where that crashes, for the library does so on some
//! damaged files; whatever else comes of it is left to who reads it then.
void read_in_child(const std::string& path, const std::function<void()>& read);

}  // namespace gridqueue::h5

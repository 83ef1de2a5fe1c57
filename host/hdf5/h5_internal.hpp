// What the files of this folder share: checked handles, HDF5 types of C++ types. Included by them only.
#pragma once
#include <hdf5.h>
#include <hdf5_hl.h>

#include <exception>
#include <mutex>
#include <utility>

#include "gridqueue/contracts.hpp"
#include "host/hdf5/h5.hpp"
#include "host/hdf5/h5_damage.hpp"

namespace gridqueue::h5 {

//! Why a write has failed, in the system's words; empty = none has. HDF5 writes late: the call that fails may be
//! another one, of another file even.
std::string& write_failure();
//! Looks for it in HDF5's error stack, after a call that failed.
void note_failure();

//! What HDF5 could not do: Error(output) where a write has failed, else Error(input).
[[noreturn]] void failed(const std::string& what);

//! Closes whatever kind of identifier it holds.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);
  Handle(hid_t id, Close close, const std::string& what) : id_(id), close_(close) {
    if (id < 0) failed(what);
  }
  Handle(Handle&& o) noexcept : id_(std::exchange(o.id_, -1)), close_(o.close_) {}
  Handle& operator=(Handle&&) = delete;
  ~Handle() {
    if (id_ >= 0 && close_(id_) < 0) note_failure();
  }
  operator hid_t() const { return id_; }  // NOLINT

 private:
  hid_t id_;
  Close close_;
};

inline void check(herr_t status, const std::string& what) {
  if (status < 0) failed(what);
}

template <class T>
Handle type_of() {
  const auto copy = [](hid_t t) { return Handle(H5Tcopy(t), H5Tclose, "copy a type"); };
  if constexpr (std::is_same_v<T, double>) return copy(H5T_NATIVE_DOUBLE);
  if constexpr (std::is_same_v<T, float>) return copy(H5T_NATIVE_FLOAT);
  if constexpr (std::is_same_v<T, std::int8_t>) return copy(H5T_NATIVE_INT8);
  if constexpr (std::is_same_v<T, std::uint8_t>) return copy(H5T_NATIVE_UINT8);
  if constexpr (std::is_same_v<T, std::int32_t>) return copy(H5T_NATIVE_INT32);
  if constexpr (std::is_same_v<T, std::uint32_t>) return copy(H5T_NATIVE_UINT32);
  if constexpr (std::is_same_v<T, std::int64_t>) return copy(H5T_NATIVE_INT64);
  if constexpr (std::is_same_v<T, std::uint64_t>) return copy(H5T_NATIVE_UINT64);
  if constexpr (std::is_same_v<T, std::complex<double>>) {
    Handle t(H5Tcreate(H5T_COMPOUND, sizeof(T)), H5Tclose, "make a complex type");
    H5Tinsert(t, "r", 0, H5T_NATIVE_DOUBLE);
    H5Tinsert(t, "i", sizeof(double), H5T_NATIVE_DOUBLE);
    return t;
  }
  if constexpr (std::is_same_v<T, std::string>) {
    Handle t(H5Tcopy(H5T_C_S1), H5Tclose, "make a string type");
    H5Tset_size(t, H5T_VARIABLE);
    H5Tset_cset(t, H5T_CSET_UTF8);
    return t;
  }
}

template <class T>
constexpr Kind kKind = std::is_integral_v<T>                     ? Kind::integer
                       : std::is_same_v<T, std::string>          ? Kind::text
                       : std::is_same_v<T, std::complex<double>> ? Kind::complex
                                                                 : Kind::number;

//! What HDF5 reads from memory: strings as char pointers, everything else as it is.
template <class T>
struct Memory {
  explicit Memory(std::span<const T> v) : data(v.data()) {}
  const void* data;
};
template <>
struct Memory<std::string> {
  explicit Memory(std::span<const std::string> v) {
    for (const auto& s : v) pointers.push_back(s.c_str());
    data = pointers.data();
  }
  std::vector<const char*> pointers;
  const void* data;
};

inline std::vector<hsize_t> sizes(const Shape& shape) { return {shape.begin(), shape.end()}; }

inline Handle space_of(const Shape& shape) {
  if (shape.empty()) return Handle(H5Screate(H5S_SCALAR), H5Sclose, "make a scalar");
  const auto dims = sizes(shape);
  return Handle(H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr), H5Sclose, "make a dataspace");
}

inline std::size_t elements(const Shape& shape) {
  std::size_t n = 1;
  for (auto s : shape) n *= s;
  return n;
}

struct File::Impl {
  hid_t id = -1;
  std::string path;
  bool writable = false;
  mutable bool broken = false;  //!< a write failed
  //! After a failed write closing would write again, and crash in HDF5: such a file is left as it is.
  ~Impl() {
    const LibraryCall call(path, writable);
    if (id >= 0 && !broken && !(writable && std::uncaught_exceptions() > 0)) H5Fclose(id);
  }
  //! After a call that may have written.
  void check_written(herr_t status, const std::string& what) const {
    if (status >= 0 && write_failure().empty()) return;
    broken = true;
    failed(what + " '" + path + "'");
  }
  Handle dataset(const std::string& name) const {
    const LibraryCall call(path, writable);
    if (H5LTpath_valid(id, name.c_str(), true) <= 0) {
      if (writable && H5Fflush(id, H5F_SCOPE_GLOBAL) < 0) note_failure();  // then it is there, but cannot be seen
      if (!write_failure().empty()) failed("find dataset '" + name + "' of '" + path + "'");
      fail_input("'{}' has no dataset '{}'", path, name);
    }
    const hid_t found = H5Dopen2(id, name.c_str(), H5P_DEFAULT);
    if (found < 0 && writable) failed("open dataset '" + name + "' of '" + path + "'");
    if (found < 0) fail_input("'{}' of '{}' is no dataset that HDF5 can open; the file is damaged", name, path);
    return Handle(found, H5Dclose, "");
  }
  Handle object(const std::string& name) const {
    const std::string at = name.empty() ? "/" : name;
    return Handle(H5Oopen(id, at.c_str(), H5P_DEFAULT), H5Oclose, "open '" + at + "' of '" + path + "'");
  }
  //! Groups on the way are made with creation order tracked, as netCDF-4 asks.
  void make_groups(const std::string& dataset) const {
    for (std::size_t slash = dataset.find('/', 1); slash != std::string::npos; slash = dataset.find('/', slash + 1)) {
      const std::string group = dataset.substr(0, slash);
      if (H5Lexists(id, group.c_str(), H5P_DEFAULT) > 0) continue;
      const Handle plist(H5Pcreate(H5P_GROUP_CREATE), H5Pclose, "set group properties");
      H5Pset_link_creation_order(plist, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
      Handle(H5Gcreate2(id, group.c_str(), H5P_DEFAULT, plist, H5P_DEFAULT), H5Gclose, "make group '" + group + "'");
    }
  }
};

}  // namespace gridqueue::h5

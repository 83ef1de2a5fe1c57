#include "host/hdf5/h5.hpp"

#include <hdf5.h>
#include <hdf5_hl.h>

#include <cstring>
#include <filesystem>
#include <map>
#include <utility>

#include "gridqueue/contracts.hpp"

namespace gridqueue::h5 {
namespace {

//! Closes whatever kind of identifier it holds.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);
  Handle(hid_t id, Close close, const std::string& what) : id_(id), close_(close) {
    if (id < 0) fail(ExitCode::input, "HDF5 cannot {}", what);
  }
  Handle(Handle&& o) noexcept : id_(std::exchange(o.id_, -1)), close_(o.close_) {}
  Handle& operator=(Handle&&) = delete;
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  operator hid_t() const { return id_; }  // NOLINT

 private:
  hid_t id_;
  Close close_;
};

void check(herr_t status, const std::string& what) {
  if (status < 0) fail(ExitCode::input, "HDF5 cannot {}", what);
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

std::vector<hsize_t> sizes(const Shape& shape) { return {shape.begin(), shape.end()}; }

Handle space_of(const Shape& shape) {
  if (shape.empty()) return Handle(H5Screate(H5S_SCALAR), H5Sclose, "make a scalar");
  const auto dims = sizes(shape);
  return Handle(H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr), H5Sclose, "make a dataspace");
}

std::size_t elements(const Shape& shape) {
  std::size_t n = 1;
  for (auto s : shape) n *= s;
  return n;
}

}  // namespace

struct File::Impl {
  hid_t id = -1;
  std::string path;
  ~Impl() {
    if (id >= 0) H5Fclose(id);
  }
  Handle dataset(const std::string& name) const {
    if (H5LTpath_valid(id, name.c_str(), true) <= 0) fail_input("'{}' has no dataset '{}'", path, name);
    return Handle(H5Dopen2(id, name.c_str(), H5P_DEFAULT), H5Dclose, "open dataset '" + name + "' of '" + path + "'");
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

File::File(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
File::File(File&&) noexcept = default;
File& File::operator=(File&&) noexcept = default;
File::~File() = default;

File File::create(const std::string& path) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  const Handle plist(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "set file properties");
  H5Pset_link_creation_order(plist, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->id = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, plist, H5P_DEFAULT);
  if (impl->id < 0) fail_input("cannot write '{}' (no such folder, no permission, or open in another program)", path);
  return File(std::move(impl));
}

File File::open(const std::string& path, bool writable) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  if (!std::filesystem::exists(path)) fail_input("no such file '{}'", path);
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->id = H5Fopen(path.c_str(), writable ? H5F_ACC_RDWR : H5F_ACC_RDONLY, H5P_DEFAULT);
  if (impl->id < 0) fail_input("cannot open '{}' (not an HDF5 file, damaged, or being written)", path);
  return File(std::move(impl));
}

bool File::exists(const std::string& path) const { return H5LTpath_valid(impl_->id, path.c_str(), true) > 0; }

std::vector<std::string> File::children(const std::string& group) const {
  std::vector<std::string> names;
  const auto add = [](hid_t, const char* name, const H5L_info_t*, void* to) -> herr_t {
    static_cast<std::vector<std::string>*>(to)->emplace_back(name);
    return 0;
  };
  check(H5Literate_by_name(impl_->id, group.c_str(), H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names, H5P_DEFAULT),
        "list '" + group + "'");
  return names;
}

Shape File::shape(const std::string& dataset) const {
  const Handle d = impl_->dataset(dataset);
  const Handle space(H5Dget_space(d), H5Sclose, "read a shape");
  std::vector<hsize_t> dims(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
  H5Sget_simple_extent_dims(space, dims.data(), nullptr);
  return {dims.begin(), dims.end()};
}

template <class T>
void File::write(const std::string& dataset, std::span<const T> values, const Shape& shape) {
  GQ_EXPECT(values.size() == elements(shape));
  impl_->make_groups(dataset);
  const Handle type = type_of<T>(), space = space_of(shape);
  const Handle plist(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "set dataset properties");
  H5Pset_attr_creation_order(plist, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  const Handle d(H5Dcreate2(impl_->id, dataset.c_str(), type, space, H5P_DEFAULT, plist, H5P_DEFAULT), H5Dclose,
                 "make dataset '" + dataset + "' of '" + impl_->path + "'");
  if (values.empty()) return;
  const Memory<T> memory(values);
  check(H5Dwrite(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, memory.data), "write '" + dataset + "' of '" + impl_->path + "'");
}

template <class T>
std::vector<T> File::read(const std::string& dataset) const {
  const Shape s = shape(dataset);
  if (s.empty()) return read_rows<T>(dataset, 0, 1);
  return read_rows<T>(dataset, 0, s[0]);
}

template <class T>
std::vector<T> File::read_rows(const std::string& dataset, std::size_t first, std::size_t count) const {
  const Handle d = impl_->dataset(dataset);
  Shape part = shape(dataset);
  const Handle file_space(H5Dget_space(d), H5Sclose, "read a shape");
  if (!part.empty()) {
    if (first + count > part[0]) fail_input("'{}' of '{}' has {} rows (row {} asked)", dataset, impl_->path, part[0], first + count - 1);
    part[0] = count;
    std::vector<hsize_t> start(part.size(), 0);
    start[0] = first;
    const auto size = sizes(part);
    if (elements(part)) check(H5Sselect_hyperslab(file_space, H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr), "select rows");
  }
  const std::size_t n = elements(part);
  if (n == 0) return {};
  const Handle memory_space = space_of(part), type = type_of<T>();
  const std::string what = "read '" + dataset + "' of '" + impl_->path + "'";
  if constexpr (std::is_same_v<T, std::string>) {
    std::vector<char*> raw(n, nullptr);
    check(H5Dread(d, type, memory_space, file_space, H5P_DEFAULT, raw.data()), what);
    std::vector<std::string> values;
    for (char* s : raw) values.emplace_back(s ? s : "");
    H5Dvlen_reclaim(type, memory_space, H5P_DEFAULT, raw.data());
    return values;
  } else {
    std::vector<T> values(n);
    check(H5Dread(d, type, memory_space, file_space, H5P_DEFAULT, values.data()), what);
    return values;
  }
}

template <class T>
void File::create_growing(const std::string& dataset, const Shape& trailing) {
  impl_->make_groups(dataset);
  const std::size_t row = std::max<std::size_t>(1, elements(trailing)) * std::max<std::size_t>(sizeof(T), 8);
  std::vector<hsize_t> dims{0}, limit{H5S_UNLIMITED}, chunk{std::max<hsize_t>(1, (std::size_t{1} << 16) / row)};
  for (auto t : trailing) dims.push_back(t), limit.push_back(t), chunk.push_back(std::max<hsize_t>(1, t));
  const Handle space(H5Screate_simple(static_cast<int>(dims.size()), dims.data(), limit.data()), H5Sclose, "make a dataspace");
  const Handle plist(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "set dataset properties");
  H5Pset_attr_creation_order(plist, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  H5Pset_chunk(plist, static_cast<int>(chunk.size()), chunk.data());
  if (!std::is_same_v<T, std::string>) {
    H5Pset_shuffle(plist);
    H5Pset_deflate(plist, 1);
  }
  const Handle type = type_of<T>();
  Handle(H5Dcreate2(impl_->id, dataset.c_str(), type, space, H5P_DEFAULT, plist, H5P_DEFAULT), H5Dclose,
         "make dataset '" + dataset + "'");
}

template <class T>
void File::append(const std::string& dataset, std::span<const T> values) {
  const Handle d = impl_->dataset(dataset);
  Shape s = shape(dataset);
  const std::size_t old = s[0];
  s[0] = 1;
  const std::size_t row = elements(s);
  if (values.empty() || row == 0) return;
  GQ_EXPECT(values.size() % row == 0);
  Shape part = s;
  part[0] = values.size() / row;
  s[0] = old + part[0];
  const auto extent = sizes(s), size = sizes(part);
  check(H5Dset_extent(d, extent.data()), "grow '" + dataset + "'");
  const Handle file_space(H5Dget_space(d), H5Sclose, "read a shape"), memory_space = space_of(part);
  std::vector<hsize_t> start(s.size(), 0);
  start[0] = old;
  check(H5Sselect_hyperslab(file_space, H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr), "select rows");
  const Memory<T> memory(values);
  check(H5Dwrite(d, type_of<T>(), memory_space, file_space, H5P_DEFAULT, memory.data), "write '" + dataset + "' of '" + impl_->path + "'");
}

namespace {

template <class T>
struct AttributeValue {
  using Element = T;
  static constexpr bool is_vector = false;
};
template <class T>
struct AttributeValue<std::vector<T>> {
  using Element = T;
  static constexpr bool is_vector = true;
};

}  // namespace

template <class T>
void File::attribute(const std::string& object, const std::string& name, const T& value) {
  using E = typename AttributeValue<T>::Element;
  const Handle o = impl_->object(object);
  if (H5Aexists(o, name.c_str()) > 0) H5Adelete(o, name.c_str());
  const Handle type = type_of<E>();
  std::span<const E> values;
  Shape shape;
  if constexpr (AttributeValue<T>::is_vector) {
    values = value;
    shape = {value.size()};
  } else {
    values = std::span<const E>(&value, 1);
  }
  const Handle space = space_of(shape);
  const Handle a(H5Acreate2(o, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, "make attribute '" + name + "'");
  if (values.empty()) return;
  const Memory<E> memory(values);
  check(H5Awrite(a, type, memory.data), "write attribute '" + name + "'");
}

template <class T>
T File::read_attribute(const std::string& object, const std::string& name) const {
  using E = typename AttributeValue<T>::Element;
  if (!has_attribute(object, name)) fail_input("'{}' has no attribute '{}' at '{}'", impl_->path, name, object);
  const Handle o = impl_->object(object);
  const Handle a(H5Aopen(o, name.c_str(), H5P_DEFAULT), H5Aclose, "open attribute '" + name + "'");
  const Handle space(H5Aget_space(a), H5Sclose, "read a shape");
  const auto n = static_cast<std::size_t>(H5Sget_simple_extent_npoints(space));
  const Handle type = type_of<E>();
  std::vector<E> values(n);
  if constexpr (std::is_same_v<E, std::string>) {
    std::vector<char*> raw(n, nullptr);
    check(H5Aread(a, type, raw.data()), "read attribute '" + name + "'");
    for (std::size_t i = 0; i < n; ++i) values[i] = raw[i] ? raw[i] : "";
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, raw.data());
  } else if (n) {
    check(H5Aread(a, type, values.data()), "read attribute '" + name + "'");
  }
  if constexpr (AttributeValue<T>::is_vector) return values;
  else return values.at(0);
}

bool File::has_attribute(const std::string& object, const std::string& name) const {
  const Handle o = impl_->object(object);
  return H5Aexists(o, name.c_str()) > 0;
}

void File::make_scale(const std::string& dataset, const std::string& dimension_name) {
  check(H5DSset_scale(impl_->dataset(dataset), dimension_name.c_str()), "make a dimension of '" + dataset + "'");
}

void File::attach_scale(const std::string& dataset, std::size_t axis, const std::string& scale) {
  check(H5DSattach_scale(impl_->dataset(dataset), impl_->dataset(scale), static_cast<unsigned>(axis)),
        "attach dimension '" + scale + "' to '" + dataset + "'");
}

void File::flush() { check(H5Fflush(impl_->id, H5F_SCOPE_GLOBAL), "flush '" + impl_->path + "'"); }

#define GQ_H5_TYPE(T)                                                                                  \
  template void File::write<T>(const std::string&, std::span<const T>, const Shape&);                  \
  template std::vector<T> File::read<T>(const std::string&) const;                                     \
  template std::vector<T> File::read_rows<T>(const std::string&, std::size_t, std::size_t) const;      \
  template void File::create_growing<T>(const std::string&, const Shape&);                             \
  template void File::append<T>(const std::string&, std::span<const T>);
GQ_H5_TYPE(double)
GQ_H5_TYPE(float)
GQ_H5_TYPE(std::int8_t)
GQ_H5_TYPE(std::uint8_t)
GQ_H5_TYPE(std::int32_t)
GQ_H5_TYPE(std::uint32_t)
GQ_H5_TYPE(std::int64_t)
GQ_H5_TYPE(std::uint64_t)
GQ_H5_TYPE(std::complex<double>)
GQ_H5_TYPE(std::string)
#undef GQ_H5_TYPE

#define GQ_H5_ATTRIBUTE(T)                                                              \
  template void File::attribute<T>(const std::string&, const std::string&, const T&);  \
  template T File::read_attribute<T>(const std::string&, const std::string&) const;
GQ_H5_ATTRIBUTE(std::string)
GQ_H5_ATTRIBUTE(std::int64_t)
GQ_H5_ATTRIBUTE(double)
GQ_H5_ATTRIBUTE(std::vector<std::string>)
GQ_H5_ATTRIBUTE(std::vector<std::int64_t>)
GQ_H5_ATTRIBUTE(std::vector<double>)
#undef GQ_H5_ATTRIBUTE

}  // namespace gridqueue::h5

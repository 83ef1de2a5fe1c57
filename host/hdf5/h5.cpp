#include "host/hdf5/h5.hpp"

#include <algorithm>
#include <filesystem>

#include "host/hdf5/h5_internal.hpp"

namespace gridqueue::h5 {

File::File(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
File::File(File&&) noexcept = default;
File& File::operator=(File&&) noexcept = default;
File::~File() = default;

namespace {

//! Between two flushes nothing that is on disk changes: a program that is killed leaves the file as it was flushed
//! last.
void keep_metadata_until_flush(hid_t file) {
  H5AC_cache_config_t config{};
  config.version = H5AC__CURR_CACHE_CONFIG_VERSION;
  if (H5Fget_mdc_config(file, &config) < 0) return;
  config.evictions_enabled = false;
  config.incr_mode = H5C_incr__off;
  config.flash_incr_mode = H5C_flash_incr__off;
  config.decr_mode = H5C_decr__off;
  H5Fset_mdc_config(file, &config);
}

}  // namespace

File File::create(const std::string& path) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  const Handle plist(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "set file properties");
  H5Pset_link_creation_order(plist, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  H5Pset_file_space_strategy(plist, H5F_FSPACE_STRATEGY_NONE, false, 1);  // freed space is never written over
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->id = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, plist, H5P_DEFAULT);
  if (impl->id < 0) fail_input("cannot write '{}' (no such folder, no permission, or open in another program)", path);
  keep_metadata_until_flush(impl->id);
  return File(std::move(impl));
}

File File::open(const std::string& path, bool writable) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  if (!std::filesystem::exists(path)) fail_input("no such file '{}'", path);
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->id = H5Fopen(path.c_str(), writable ? H5F_ACC_RDWR : H5F_ACC_RDONLY, H5P_DEFAULT);
  if (impl->id < 0) fail_input("cannot open '{}' (not an HDF5 file, damaged, or being written)", path);
  if (writable) keep_metadata_until_flush(impl->id);
  return File(std::move(impl));
}

const std::string& File::path() const { return impl_->path; }

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
  check(H5Dwrite(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, memory.data),
        "write '" + dataset + "' of '" + impl_->path + "'");
}

template <class T>
void File::replace(const std::string& dataset, std::span<const T> values) {
  GQ_EXPECT(values.size() == elements(shape(dataset)));
  if (values.empty()) return;
  const Memory<T> memory(values);
  check(H5Dwrite(impl_->dataset(dataset), type_of<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, memory.data),
        "write '" + dataset + "' of '" + impl_->path + "'");
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
    if (first + count > part[0])
      fail_input("'{}' of '{}' has {} rows (row {} asked)", dataset, impl_->path, part[0], first + count - 1);
    part[0] = count;
    std::vector<hsize_t> start(part.size(), 0);
    start[0] = first;
    const auto size = sizes(part);
    if (elements(part))
      check(H5Sselect_hyperslab(file_space, H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr),
            "select rows");
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
  const Handle space(H5Screate_simple(static_cast<int>(dims.size()), dims.data(), limit.data()), H5Sclose,
                     "make a dataspace");
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
  check(H5Dwrite(d, type_of<T>(), memory_space, file_space, H5P_DEFAULT, memory.data),
        "write '" + dataset + "' of '" + impl_->path + "'");
}

bool File::grows(const std::string& dataset) const {
  const Handle d = impl_->dataset(dataset), space(H5Dget_space(d), H5Sclose, "read a shape");
  std::vector<hsize_t> size(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space))), most = size;
  H5Sget_simple_extent_dims(space, size.data(), most.data());
  return !most.empty() && most[0] == H5S_UNLIMITED;
}

void File::cut(const std::string& dataset, std::size_t rows) {
  Shape s = shape(dataset);
  if (s.at(0) < rows)
    fail_input("'{}' of '{}' has {} rows ({} were committed); the file is damaged", dataset, impl_->path, s[0], rows);
  s[0] = rows;
  check(H5Dset_extent(impl_->dataset(dataset), sizes(s).data()), "cut '" + dataset + "'");
}

void File::remove(const std::string& path) {
  if (exists(path))
    check(H5Ldelete(impl_->id, path.c_str(), H5P_DEFAULT), "remove '" + path + "' of '" + impl_->path + "'");
}

void File::flush() { check(H5Fflush(impl_->id, H5F_SCOPE_GLOBAL), "flush '" + impl_->path + "'"); }

#define GQ_H5_TYPE(T)                                                                             \
  template void File::write<T>(const std::string&, std::span<const T>, const Shape&);             \
  template void File::replace<T>(const std::string&, std::span<const T>);                         \
  template std::vector<T> File::read<T>(const std::string&) const;                                \
  template std::vector<T> File::read_rows<T>(const std::string&, std::size_t, std::size_t) const; \
  template void File::create_growing<T>(const std::string&, const Shape&);                        \
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

}  // namespace gridqueue::h5

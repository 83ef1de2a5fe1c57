#include "host/hdf5/h5.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "host/core/files.hpp"
#include "host/hdf5/h5_internal.hpp"

namespace gridqueue::h5 {

std::string& write_failure() {
  static std::string reason;
  return reason;
}

void note_failure() {
  const auto look = [](unsigned, const H5E_error2_t* e, void*) -> herr_t {
    const std::string text = e->desc ? e->desc : "";
    const std::string mark = "error message = '";
    const std::size_t at = text.find(mark);
    if (text.find("write failed") == text.npos && text.find("No space left") == text.npos) return 0;
    const std::size_t from = at == text.npos ? 0 : at + mark.size();
    write_failure() = text.substr(from, at == text.npos ? text.npos : text.find('\'', from) - from);
    return 1;
  };
  const int reason = errno;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, look, nullptr);
  if (write_failure().empty() && (reason == ENOSPC || reason == EDQUOT || reason == EIO))
    write_failure() = std::strerror(reason);
}

void failed(const std::string& what) {
  note_failure();
  if (!write_failure().empty()) fail(ExitCode::output, "cannot {} ({})", what, write_failure());
  fail(ExitCode::input, "HDF5 cannot {}", what);
}

File::File(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
File::File(File&&) noexcept = default;
File& File::operator=(File&&) noexcept = default;
File::~File() = default;

namespace {

Handle creation_properties() {
  Handle plist(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "set file properties");
  H5Pset_link_creation_order(plist, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  return plist;
}

//! Opening a pipe would wait for ever.
void check_may_read(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (std::filesystem::is_regular_file(status)) return;
  if (std::filesystem::exists(status)) fail_input("'{}' is no file (a folder, a pipe or a device); name a file", path);
  if (!error || error == std::errc::no_such_file_or_directory) fail_input("no such file '{}'", path);
  fail_input("cannot read '{}' ({}); check the path", path, error.message());
}

}  // namespace

File File::create(const std::string& path) {
  check_can_be_file(path);
  const LibraryCall call(path, true);
  write_failure().clear();
  errno = 0;
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->writable = true;
  impl->id = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation_properties(), H5P_DEFAULT);
  if (impl->id < 0) note_failure();
  if (!write_failure().empty()) failed("write '" + path + "'");
  if (impl->id < 0) fail_input("cannot write '{}' (no such folder, no permission, or open in another program)", path);
  return File(std::move(impl));
}

File File::create_in_memory(const std::string& name) {
  const LibraryCall call(name, true);
  constexpr std::size_t kGrowth = 1 << 20;
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "set file properties");
  H5Pset_fapl_core(access, kGrowth, false);
  auto impl = std::make_unique<Impl>();
  impl->path = name;
  impl->writable = true;
  impl->id = H5Fcreate(name.c_str(), H5F_ACC_TRUNC, creation_properties(), access);
  if (impl->id < 0) fail(ExitCode::internal, "HDF5 cannot make a file in memory");
  return File(std::move(impl));
}

std::vector<std::uint8_t> File::image() const {
  const LibraryCall call(impl_->path, impl_->writable);
  check(H5Fflush(impl_->id, H5F_SCOPE_GLOBAL), "end '" + impl_->path + "'");
  const ssize_t size = H5Fget_file_image(impl_->id, nullptr, 0);
  check(size < 0 ? -1 : 0, "tell the size of '" + impl_->path + "'");
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
  check(H5Fget_file_image(impl_->id, bytes.data(), bytes.size()) < 0 ? -1 : 0, "copy '" + impl_->path + "'");
  return bytes;
}

void File::close() {
  const LibraryCall call(impl_->path, impl_->writable);
  flush();
  const hid_t id = std::exchange(impl_->id, -1);
  impl_->check_written(H5Fclose(id), "end");
}

File File::open(const std::string& path, bool writable) {
  check_may_read(path);
  const LibraryCall call(path, false);
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->writable = writable;
  impl->id = H5Fopen(path.c_str(), writable ? H5F_ACC_RDWR : H5F_ACC_RDONLY, H5P_DEFAULT);
  if (impl->id < 0 && writable) note_failure();
  if (impl->id < 0 && !write_failure().empty()) failed("write '" + path + "'");
  if (impl->id < 0) fail_input("cannot open '{}' (not an HDF5 file, damaged, or being written)", path);
  return File(std::move(impl));
}

const std::string& File::path() const { return impl_->path; }

bool File::exists(const std::string& path) const {
  const LibraryCall call(impl_->path, impl_->writable);
  return H5LTpath_valid(impl_->id, path.c_str(), true) > 0;
}

std::vector<std::string> File::children(const std::string& group) const {
  std::vector<std::string> names;
  const auto add = [](hid_t, const char* name, const H5L_info_t*, void* to) -> herr_t {
    static_cast<std::vector<std::string>*>(to)->emplace_back(name);
    return 0;
  };
  const LibraryCall call(impl_->path, impl_->writable);
  check(H5Literate_by_name(impl_->id, group.c_str(), H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names, H5P_DEFAULT),
        "list '" + group + "' of '" + impl_->path + "'");
  return names;
}

Shape File::shape(const std::string& dataset) const {
  const Handle d = impl_->dataset(dataset);
  const LibraryCall call(impl_->path, impl_->writable);
  const Handle space(H5Dget_space(d), H5Sclose, "read a shape");
  std::vector<hsize_t> dims(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
  H5Sget_simple_extent_dims(space, dims.data(), nullptr);
  return {dims.begin(), dims.end()};
}

template <class T>
void File::write(const std::string& dataset, std::span<const T> values, const Shape& shape, Storage storage) {
  const LibraryCall call(impl_->path, impl_->writable, values.size() * sizeof(T));
  GQ_EXPECT(values.size() == elements(shape));
  impl_->make_groups(dataset);
  const Handle type = type_of<T>(), space = space_of(shape);
  const Handle plist(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "set dataset properties");
  H5Pset_attr_creation_order(plist, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  if (storage == Storage::checked && !values.empty()) {
    const hsize_t chunk = std::min<hsize_t>(shape.at(0), 1 << 20);
    GQ_EXPECT(shape.size() == 1);
    H5Pset_chunk(plist, 1, &chunk);
    H5Pset_fletcher32(plist);
  }
  const Handle d(H5Dcreate2(impl_->id, dataset.c_str(), type, space, H5P_DEFAULT, plist, H5P_DEFAULT), H5Dclose,
                 "make dataset '" + dataset + "' of '" + impl_->path + "'");
  if (values.empty()) return;
  const Memory<T> memory(values);
  impl_->check_written(H5Dwrite(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, memory.data), "write '" + dataset + "' of");
}

template <class T>
void File::replace(const std::string& dataset, std::span<const T> values) {
  const LibraryCall call(impl_->path, impl_->writable, values.size() * sizeof(T));
  GQ_EXPECT(values.size() == elements(shape(dataset)));
  if (values.empty()) return;
  const Memory<T> memory(values);
  impl_->check_written(H5Dwrite(impl_->dataset(dataset), type_of<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, memory.data),
                       "write '" + dataset + "' of");
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
  const LibraryCall call(impl_->path, impl_->writable);
  const std::string which = "'" + dataset + "' of '" + impl_->path + "'";
  check_dataset(d, impl_->id, kKind<T>, which);
  const Handle file_space(H5Dget_space(d), H5Sclose, "read a shape");
  if (!part.empty()) {
    if (count > part[0] || first > part[0] - count)
      fail_input("{} has {} rows ({} from row {} on are asked for); the file is damaged", which, part[0], count, first);
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
  const LibraryCall reading(impl_->path, impl_->writable, n * sizeof(T));
  const Handle memory_space = space_of(part), type = type_of<T>();
  const std::string what = "read " + which + " (damaged, or values that its type cannot hold)";
  if constexpr (std::is_same_v<T, std::string>) {
    std::vector<char*> raw(n, nullptr);
    const TextRoom room(impl_->id);
    check(H5Dread(d, type, memory_space, file_space, room.transfer(), raw.data()), what);
    std::vector<std::string> values;
    for (char* s : raw) values.emplace_back(s ? s : "");
    H5Dvlen_reclaim(type, memory_space, room.transfer(), raw.data());
    return values;
  } else {
    std::vector<T> values(n);
    check(H5Dread(d, type, memory_space, file_space, exact_transfer(), values.data()), what);
    return values;
  }
}

template <class T>
void File::create_growing(const std::string& dataset, const Shape& trailing) {
  const LibraryCall call(impl_->path, impl_->writable);
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
    H5Pset_fletcher32(plist);  // bits that flip later are found by whoever reads them
  }
  const Handle type = type_of<T>();
  Handle(H5Dcreate2(impl_->id, dataset.c_str(), type, space, H5P_DEFAULT, plist, H5P_DEFAULT), H5Dclose,
         "make dataset '" + dataset + "'");
}

template <class T>
void File::append(const std::string& dataset, std::span<const T> values) {
  const LibraryCall call(impl_->path, impl_->writable, values.size() * sizeof(T));
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
  impl_->check_written(H5Dset_extent(d, extent.data()), "grow '" + dataset + "' of");
  const Handle file_space(H5Dget_space(d), H5Sclose, "read a shape"), memory_space = space_of(part);
  std::vector<hsize_t> start(s.size(), 0);
  start[0] = old;
  check(H5Sselect_hyperslab(file_space, H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr), "select rows");
  const Memory<T> memory(values);
  impl_->check_written(H5Dwrite(d, type_of<T>(), memory_space, file_space, H5P_DEFAULT, memory.data),
                       "write '" + dataset + "' of");
}

void File::remove(const std::string& path) {
  const LibraryCall call(impl_->path, impl_->writable);
  if (exists(path))
    check(H5Ldelete(impl_->id, path.c_str(), H5P_DEFAULT), "remove '" + path + "' of '" + impl_->path + "'");
}

void File::flush() {
  const LibraryCall call(impl_->path, impl_->writable);
  impl_->check_written(H5Fflush(impl_->id, H5F_SCOPE_GLOBAL), "write");
}

#define GQ_H5_TYPE(T)                                                                             \
  template void File::write<T>(const std::string&, std::span<const T>, const Shape&, Storage);    \
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

// Spoils what stands in an HDF5 file with HDF5's own calls, so that what reads it meets whole but foreign content.
#include <hdf5.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "tests/fuzz/mutate.hpp"

namespace gridqueue::fuzz {
namespace {

struct Object {
  std::string path;
  bool group = false;
};

//! An identifier that closes itself.
class Id {
 public:
  Id(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  Id(const Id&) = delete;
  Id& operator=(const Id&) = delete;
  ~Id() {
    if (id_ >= 0) close_(id_);
  }
  operator hid_t() const { return id_; }  // NOLINT

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

std::vector<Object> objects_of(hid_t file) {
  std::vector<Object> all;
  const auto add = [](hid_t, const char* name, const H5O_info_t* info, void* to) -> herr_t {
    if (std::string(name) != ".")
      static_cast<std::vector<Object>*>(to)->push_back({name, info->type == H5O_TYPE_GROUP});
    return 0;
  };
  H5Ovisit2(file, H5_INDEX_NAME, H5_ITER_INC, add, &all, H5O_INFO_BASIC);
  return all;
}

std::vector<std::string> attributes_of(hid_t object) {
  std::vector<std::string> names;
  const auto add = [](hid_t, const char* name, const H5A_info_t*, void* to) -> herr_t {
    static_cast<std::vector<std::string>*>(to)->emplace_back(name);
    return 0;
  };
  H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names);
  return names;
}

double hostile_number(Random& random, double was) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  static const std::vector<double> values = {std::nan(""), kInf, -kInf, 1e308,  -1e308, 0,     -1,      1,    1e30,
                                             -1e30,        1e15, 1e9,   1e-300, 1e-12,  -0.01, 1000000, 5e-4, 100};
  switch (random.below(6)) {
    case 0: return -was;
    case 1: return was * 10;
    case 2: return was / 1000;
    default: return random.of(values);
  }
}

std::int64_t hostile_integer(Random& random, std::int64_t was) {
  static const std::vector<std::int64_t> values = {0,
                                                   -1,
                                                   1,
                                                   2,
                                                   3,
                                                   7,
                                                   99,
                                                   127,
                                                   255,
                                                   65536,
                                                   1'000'000'000,
                                                   2147483647,
                                                   -2147483648LL,
                                                   std::numeric_limits<std::int64_t>::max(),
                                                   std::numeric_limits<std::int64_t>::min()};
  switch (random.below(4)) {
    case 0: return was + 1;
    case 1: return was - 1;
    default: return random.of(values);
  }
}

const std::vector<std::string>& hostile_texts() {
  static const std::vector<std::string> texts = {
      "",    "x",    std::string(300'000, 'z'), "\xff\xfe\x80", "{}",
      "all", "%s%n", "../../etc/passwd",        "/dev/zero",    "[feeder]\nfile = 3"};
  return texts;
}

//! Elements as they lie in memory, `size` bytes each; one of them, some or all are spoilt.
template <class T, class Spoil>
void spoil_elements(std::vector<char>& bytes, Random& random, Spoil spoil) {
  const std::size_t n = bytes.size() / sizeof(T);
  if (n == 0) return;
  const std::size_t many = random.once_in(4) ? n : 1 + random.below(3);
  const T all = spoil(T{1});
  for (std::size_t i = 0; i < many; ++i) {
    const std::size_t at = many == n ? i : random.below(n);
    T value;
    std::memcpy(&value, bytes.data() + at * sizeof(T), sizeof(T));
    value = many == n ? all : spoil(value);
    std::memcpy(bytes.data() + at * sizeof(T), &value, sizeof(T));
  }
}

//! New numbers for a dataset or an attribute.
std::string spoil_numbers(Random& random, std::size_t count, bool integers, auto read, auto write) {
  std::vector<char> bytes(count * 8);
  const hid_t type = integers ? H5T_NATIVE_INT64 : H5T_NATIVE_DOUBLE;
  if (read(type, bytes.data()) < 0) return "nothing";
  if (integers) spoil_elements<std::int64_t>(bytes, random, [&](std::int64_t x) { return hostile_integer(random, x); });
  else spoil_elements<double>(bytes, random, [&](double x) { return hostile_number(random, x); });
  write(type, bytes.data());
  return "values";
}

std::string spoil_texts(Random& random, std::size_t count, hid_t type, auto write) {
  if (H5Tis_variable_str(type) <= 0 || count > 100'000) return "nothing";
  const std::string& text = random.of(hostile_texts());
  const std::vector<const char*> all(count, text.c_str());
  const Id memory(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(memory, H5T_VARIABLE);
  H5Tset_cset(memory, H5T_CSET_UTF8);
  write(memory, all.data());
  return "texts";
}

//! Complex numbers: a compound of two doubles.
std::string spoil_pairs(Random& random, std::size_t count, hid_t type, auto read, auto write) {
  std::vector<char> bytes(count * H5Tget_size(type));
  if (H5Tget_size(type) % 8 != 0 || read(type, bytes.data()) < 0) return "nothing";
  spoil_elements<double>(bytes, random, [&](double x) { return hostile_number(random, x); });
  write(type, bytes.data());
  return "complex values";
}

std::string spoil_values(Random& random, hid_t type, hid_t space, auto read, auto write) {
  const auto points = H5Sget_simple_extent_npoints(space);
  if (points <= 0 || points > 2'000'000) return "nothing";
  const auto count = static_cast<std::size_t>(points);
  switch (H5Tget_class(type)) {
    case H5T_INTEGER: return spoil_numbers(random, count, true, read, write);
    case H5T_FLOAT: return spoil_numbers(random, count, false, read, write);
    case H5T_STRING: return spoil_texts(random, count, type, write);
    case H5T_COMPOUND: return spoil_pairs(random, count, type, read, write);
    default: return "nothing";
  }
}

std::string spoil_dataset_values(hid_t file, const std::string& path, Random& random) {
  const Id d(H5Dopen2(file, path.c_str(), H5P_DEFAULT), H5Dclose);
  const Id type(H5Dget_type(d), H5Tclose), space(H5Dget_space(d), H5Sclose);
  const hid_t id = d;
  return spoil_values(
      random, type, space, [id](hid_t t, void* to) { return H5Dread(id, t, H5S_ALL, H5S_ALL, H5P_DEFAULT, to); },
      [id](hid_t t, const void* from) { return H5Dwrite(id, t, H5S_ALL, H5S_ALL, H5P_DEFAULT, from); });
}

hid_t other_type(Random& random) {
  switch (random.below(8)) {
    case 0: return H5Tcopy(H5T_NATIVE_DOUBLE);
    case 1: return H5Tcopy(H5T_NATIVE_FLOAT);
    case 2: return H5Tcopy(H5T_NATIVE_INT8);
    case 3: return H5Tcopy(H5T_NATIVE_INT64);
    case 4: return H5Tcopy(H5T_NATIVE_UINT32);
    case 5: {
      const hid_t fixed = H5Tcopy(H5T_C_S1);
      H5Tset_size(fixed, 12);
      return fixed;
    }
    case 6: {
      const hid_t text = H5Tcopy(H5T_C_S1);
      H5Tset_size(text, H5T_VARIABLE);
      return text;
    }
    default: return H5Tvlen_create(H5T_NATIVE_INT);
  }
}

//! A shape near or far from the one that was; sizes of 1e9 take no space in the file.
std::vector<hsize_t> other_shape(std::vector<hsize_t> dims, Random& random) {
  switch (random.below(8)) {
    case 0: return {};
    case 1: return {0};
    case 2: dims.push_back(1); return dims;
    case 3: return {1'000'000'000};
    case 4: return {100'000, 100'000, 1000};
    case 5: std::reverse(dims.begin(), dims.end()); return dims;
    case 6:
      if (!dims.empty()) dims[0] = dims[0] > 0 ? dims[0] - 1 : 1;
      return dims;
    default:
      if (!dims.empty()) dims.back() += 1;
      return dims;
  }
}

//! Another dataset of that name, of zeros: of another type, another shape, or both.
std::string replace_dataset(hid_t file, const std::string& path, Random& random) {
  std::vector<hsize_t> dims;
  hid_t kept = -1;
  {
    const Id d(H5Dopen2(file, path.c_str(), H5P_DEFAULT), H5Dclose), space(H5Dget_space(d), H5Sclose);
    dims.resize(static_cast<std::size_t>(std::max(0, H5Sget_simple_extent_ndims(space))));
    H5Sget_simple_extent_dims(space, dims.data(), nullptr);
    kept = H5Dget_type(d);
  }
  const std::size_t what = random.below(3);
  if (what != 0) dims = other_shape(dims, random);
  const Id type(what != 1 ? other_type(random) : H5Tcopy(kept), H5Tclose), old(kept, H5Tclose);
  const Id space(dims.empty() ? H5Screate(random.once_in(3) ? H5S_NULL : H5S_SCALAR)
                              : H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr),
                 H5Sclose);
  const Id plist(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  const bool empty = std::find(dims.begin(), dims.end(), hsize_t{0}) != dims.end();
  if (!dims.empty() && !empty) {
    std::vector<hsize_t> chunk;
    for (hsize_t n : dims) chunk.push_back(std::min<hsize_t>(n, 64));
    H5Pset_chunk(plist, static_cast<int>(chunk.size()), chunk.data());
  }
  H5Ldelete(file, path.c_str(), H5P_DEFAULT);
  const Id d(H5Dcreate2(file, path.c_str(), type, space, H5P_DEFAULT, plist, H5P_DEFAULT), H5Dclose);
  return what == 0 ? "type" : what == 1 ? "shape" : "type and shape";
}

std::string spoil_link(hid_t file, const std::string& path, const std::string& other, Random& random) {
  switch (random.below(6)) {
    case 0:
      H5Ldelete(file, path.c_str(), H5P_DEFAULT);
      H5Lcreate_soft(("/" + path).c_str(), file, path.c_str(), H5P_DEFAULT, H5P_DEFAULT);
      return "a link to itself";
    case 1:
      H5Ldelete(file, path.c_str(), H5P_DEFAULT);
      H5Lcreate_external("nowhere.h5", "/x", file, path.c_str(), H5P_DEFAULT, H5P_DEFAULT);
      return "an external link";
    case 2:
      H5Ldelete(file, path.c_str(), H5P_DEFAULT);
      Id(H5Gcreate2(file, path.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
      return "a group";
    case 3:
      if (path == other) return "nothing";
      H5Ldelete(file, path.c_str(), H5P_DEFAULT);
      H5Lcreate_hard(file, other.c_str(), file, path.c_str(), H5P_DEFAULT, H5P_DEFAULT);
      return "linked to " + other;
    default: H5Ldelete(file, path.c_str(), H5P_DEFAULT); return "deleted";
  }
}

std::string replace_attribute(hid_t object, const std::string& name, Random& random) {
  H5Adelete(object, name.c_str());
  if (random.once_in(3)) return "deleted";
  const std::vector<hsize_t> dims = random.once_in(2) ? std::vector<hsize_t>{} : std::vector<hsize_t>{random.below(4)};
  const Id type(other_type(random), H5Tclose), space(dims.empty() ? H5Screate(random.once_in(4) ? H5S_NULL : H5S_SCALAR)
                                                                  : H5Screate_simple(1, dims.data(), nullptr),
                                                     H5Sclose);
  const Id made(H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  return "replaced";
}

std::string spoil_attribute(hid_t object, const std::string& name, Random& random) {
  if (random.once_in(2)) return replace_attribute(object, name, random);
  const Id a(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose);
  const Id type(H5Aget_type(a), H5Tclose), space(H5Aget_space(a), H5Sclose);
  const hid_t id = a;
  return spoil_values(
      random, type, space, [id](hid_t t, void* to) { return H5Aread(id, t, to); },
      [id](hid_t t, const void* from) { return H5Awrite(id, t, from); });
}

std::string spoil_some_attribute(hid_t file, const std::vector<Object>& objects, Random& random) {
  const std::string path = random.once_in(3) ? random.of(objects).path : "/";
  const Id object(H5Oopen(file, path.c_str(), H5P_DEFAULT), H5Oclose);
  const auto names = attributes_of(object);
  if (names.empty()) return "nothing";
  const std::string name = random.of(names);
  if (name == "DIMENSION_LIST" || name == "REFERENCE_LIST") return "nothing";
  return path + " attribute " + name + ": " + spoil_attribute(object, name, random);
}

std::string spoil_once(hid_t file, Random& random) {
  const auto objects = objects_of(file);
  if (objects.empty()) return "nothing";
  if (random.once_in(5)) return spoil_some_attribute(file, objects, random);
  const Object& o = random.of(objects);
  if (o.group)
    return random.once_in(3) ? o.path + ": " + spoil_link(file, o.path, random.of(objects).path, random) : "nothing";
  switch (random.below(6)) {
    case 0: return o.path + ": " + spoil_link(file, o.path, random.of(objects).path, random);
    case 1: return o.path + ": " + replace_dataset(file, o.path, random);
    default: return o.path + ": " + spoil_dataset_values(file, o.path, random);
  }
}

}  // namespace

std::string mutate_hdf5(const std::string& path, Random& random) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  const Id file(H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose);
  if (file < 0) return "cannot be opened";
  return once_or_twice(random, [&] {
    std::string one = "nothing";
    for (int tries = 0; tries < 20 && (one == "nothing" || one.ends_with(": nothing")); ++tries)
      one = spoil_once(file, random);
    return one;
  });
}

std::string mutate_stored(const std::string& path, Random& random) {
  return random.once_in(4) ? mutate_bytes(path, random) : mutate_hdf5(path, random);
}

}  // namespace gridqueue::fuzz

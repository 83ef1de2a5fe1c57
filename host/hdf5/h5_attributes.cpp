// Attributes and dimension scales.
#include "host/hdf5/h5_internal.hpp"

namespace gridqueue::h5 {
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
  const LibraryCall call(impl_->path, impl_->writable);
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
  const Handle a(H5Acreate2(o, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                 "make attribute '" + name + "'");
  if (values.empty()) return;
  const Memory<E> memory(values);
  check(H5Awrite(a, type, memory.data), "write attribute '" + name + "'");
}

template <class T>
T File::read_attribute(const std::string& object, const std::string& name) const {
  using E = typename AttributeValue<T>::Element;
  if (!has_attribute(object, name)) fail_input("'{}' has no attribute '{}' at '{}'", impl_->path, name, object);
  const Handle o = impl_->object(object);
  const LibraryCall call(impl_->path, impl_->writable);
  const std::string which = "attribute '" + name + "' of '" + impl_->path + "'";
  const Handle a(H5Aopen(o, name.c_str(), H5P_DEFAULT), H5Aclose, "open " + which);
  const Handle space(H5Aget_space(a), H5Sclose, "read a shape");
  const auto n = static_cast<std::size_t>(H5Sget_simple_extent_npoints(space));
  check_attribute(a, kKind<E>, which);
  if (!AttributeValue<T>::is_vector && n != 1)
    fail_input("{} has {} values (one is needed); the file is damaged", which, n);
  const Handle type = type_of<E>();
  std::vector<E> values(n);
  if constexpr (std::is_same_v<E, std::string>) {
    std::vector<char*> raw(n, nullptr);
    check(H5Aread(a, type, raw.data()), "read " + which);
    for (std::size_t i = 0; i < n; ++i) values[i] = raw[i] ? raw[i] : "";
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, raw.data());
  } else if (n) {
    check(H5Aread(a, type, values.data()), "read " + which);
  }
  if constexpr (AttributeValue<T>::is_vector) return values;
  else return values[0];
}

bool File::has_attribute(const std::string& object, const std::string& name) const {
  const LibraryCall call(impl_->path, impl_->writable);
  const Handle o = impl_->object(object);
  return H5Aexists(o, name.c_str()) > 0;
}

void File::make_scale(const std::string& dataset, const std::string& dimension_name) {
  const LibraryCall call(impl_->path, impl_->writable);
  check(H5DSset_scale(impl_->dataset(dataset), dimension_name.c_str()), "make a dimension of '" + dataset + "'");
}

void File::attach_scale(const std::string& dataset, std::size_t axis, const std::string& scale) {
  const LibraryCall call(impl_->path, impl_->writable);
  check(H5DSattach_scale(impl_->dataset(dataset), impl_->dataset(scale), static_cast<unsigned>(axis)),
        "attach dimension '" + scale + "' to '" + dataset + "'");
}

#define GQ_H5_ATTRIBUTE(T)                                                            \
  template void File::attribute<T>(const std::string&, const std::string&, const T&); \
  template T File::read_attribute<T>(const std::string&, const std::string&) const;
GQ_H5_ATTRIBUTE(std::string)
GQ_H5_ATTRIBUTE(std::int64_t)
GQ_H5_ATTRIBUTE(double)
GQ_H5_ATTRIBUTE(std::vector<std::string>)
GQ_H5_ATTRIBUTE(std::vector<std::int64_t>)
GQ_H5_ATTRIBUTE(std::vector<double>)
#undef GQ_H5_ATTRIBUTE

}  // namespace gridqueue::h5

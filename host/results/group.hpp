// Datasets of a group that are written at once, with dimensions, units and meaning; writing again replaces them.
#pragma once
#include <string>
#include <vector>

#include "host/hdf5/h5.hpp"

namespace gridqueue {

class Group {
 public:
  Group(h5::File& file, const std::string& name) : file_(file), prefix_("/" + name + "/") {}

  //! A dimension that counts 0, 1, 2, ...
  void dimension(const std::string& name, std::size_t size) {
    if (file_.exists(prefix_ + name)) return;
    std::vector<std::int32_t> count(size);
    for (std::size_t i = 0; i < size; ++i) count[i] = static_cast<std::int32_t>(i);
    file_.write(prefix_ + name, count);
    file_.make_scale(prefix_ + name, name);
    file_.attribute<std::string>(prefix_ + name, "long_name", "number of the " + name);
  }
  template <class T>
  void put(const std::string& name, const std::vector<T>& values, const h5::Shape& shape,
           const std::vector<std::string>& dims, const std::string& units, const std::string& meaning) {
    const std::string path = prefix_ + name;
    if (file_.exists(path)) {
      file_.replace<T>(path, values);
      return;
    }
    file_.write<T>(path, std::span<const T>(values), shape);
    for (std::size_t axis = 0; axis < dims.size(); ++axis) file_.attach_scale(path, axis, prefix_ + dims[axis]);
    if (!units.empty()) file_.attribute<std::string>(path, "units", units);
    file_.attribute<std::string>(path, "long_name", meaning);
  }

 private:
  h5::File& file_;
  std::string prefix_;
};

}  // namespace gridqueue

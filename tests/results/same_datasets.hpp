// Two results files with the same bits in every dataset.
#pragma once
#include <gtest/gtest.h>

#include <bit>
#include <set>
#include <string>

#include "host/hdf5/h5.hpp"

namespace gridqueue::test {

inline void expect_same_dataset(const h5::File& a, const h5::File& b, const std::string& path) {
  static const std::set<std::string> kTexts = {"unit/bus",
                                               "unit/name",
                                               "study_table/name",
                                               "study_table/text",
                                               "bus/name",
                                               "node/name",
                                               "element/name",
                                               "area/name",
                                               "regulator/name",
                                               "model/reason_name",
                                               "model/quantity_name",
                                               "allocation/rule_name",
                                               "allocation/missing",
                                               "allocation/column_name",
                                               "allocation/program_failed"};
  ASSERT_EQ(a.shape(path), b.shape(path)) << path;
  if (kTexts.count(path)) {
    EXPECT_EQ(a.read<std::string>(path), b.read<std::string>(path)) << path;
    return;
  }
  const auto x = a.read<double>(path), y = b.read<double>(path);  // bit for bit, so that NaN is NaN
  for (std::size_t i = 0; i < x.size(); ++i)
    ASSERT_EQ(std::bit_cast<std::uint64_t>(x[i]), std::bit_cast<std::uint64_t>(y[i])) << path << " entry " << i;
}

//! But for `work`, which says what was done.
inline void expect_same_datasets(const std::string& one, const std::string& other,
                                 const std::set<std::string>& work = {}) {
  const auto a = h5::File::open(one), b = h5::File::open(other);
  ASSERT_EQ(a.children("/"), b.children("/"));
  for (const std::string& group : a.children("/")) {
    ASSERT_EQ(a.children(group), b.children(group));
    for (const std::string& dataset : a.children(group))
      if (!work.contains(group + "/" + dataset)) expect_same_dataset(a, b, group + "/" + dataset);
  }
}

}  // namespace gridqueue::test

// Ways to spoil a file: each changes it in place, by choices of `random` alone, and says what it did.
#pragma once
#include <functional>
#include <string>

#include "tests/fuzz/random.hpp"

namespace gridqueue::fuzz {

//! Bits, blocks, the length: what a broken disk or copy does.
std::string mutate_bytes(const std::string& path, Random& random);

//! Values, types, shapes, names and links of objects and attributes; the file stays one that HDF5 reads.
std::string mutate_hdf5(const std::string& path, Random& random);

//! Rarely bytes, mostly what stands in an HDF5 file.
std::string mutate_stored(const std::string& path, Random& random);

//! Spoils once or twice; says how.
std::string once_or_twice(Random& random, const std::function<std::string()>& spoil);

//! Numbers, words, keys and lines of a TOML text, and now and then its bytes.
std::string mutate_toml(const std::string& path, Random& random);

}  // namespace gridqueue::fuzz

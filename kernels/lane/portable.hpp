// A portable build's vectors (lane.hpp), and whether this processor has them. Names alone: for files compiled for any
// processor.
#pragma once

namespace gridqueue {

namespace portable_v3 {
struct Vectors;
}
namespace portable_v4 {
struct Vectors;
}

inline bool has_x86_64_v3() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
}
inline bool has_x86_64_v4() {
  return has_x86_64_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

}  // namespace gridqueue

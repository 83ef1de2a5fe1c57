# libFuzzer's targets: what parses text, and what that needs, compiled by clang with its sanitizers. -DGRIDQUEUE_FUZZ=ON
# configures these alone (scripts/fuzz-text).
if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  message(FATAL_ERROR "GRIDQUEUE_FUZZ needs clang (libFuzzer); configure with -DCMAKE_CXX_COMPILER=clang++")
endif()
file(GLOB gridqueue_fuzzed_sources CONFIGURE_DEPENDS host/core/*.cpp host/model/*.cpp host/hdf5/*.cpp host/feeder/*.cpp)
list(APPEND gridqueue_fuzzed_sources host/study/section.cpp host/study/load_study.cpp host/study/load_orders.cpp
  host/allocate/lp_file.cpp host/allocate/linear_program.cpp host/allocate/lp_clp.cpp host/allocate/lp_conflict.cpp
  host/allocate/rules.cpp host/cli/command.cpp host/cli/option_check.cpp host/dss/shape_csv.cpp
  host/outcome/sample_statistics.cpp)
add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -g1 -O1)
add_library(gridqueue_fuzzed STATIC ${gridqueue_fuzzed_sources})
target_include_directories(gridqueue_fuzzed PUBLIC ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/include)
target_link_libraries(gridqueue_fuzzed PUBLIC fmt::fmt spdlog::spdlog tomlplusplus::tomlplusplus gridqueue_hdf5 gridqueue_clp
  OpenSSL::Crypto Eigen3::Eigen gridqueue_thrust)
foreach(target study lp csv options)
  add_executable(fuzz_${target} tests/fuzz/text/fuzz_${target}.cpp)
  target_link_libraries(fuzz_${target} PRIVATE gridqueue_fuzzed -fsanitize=fuzzer,address,undefined)
  target_compile_definitions(fuzz_${target} PRIVATE GRIDQUEUE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
endforeach()

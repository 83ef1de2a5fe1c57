# test_ptx: the tests that a GPU would run, with device code as nvcc made it: the PTX in the objects of this build becomes C++
# (translate/) and runs on machine/, under the runtime and the libraries of tests/cuda_emulation. scripts/ptx-check builds and
# runs it; nothing else does.
set(GRIDQUEUE_PTX_ARCHITECTURE "sm_90" CACHE STRING "Whose PTX test_ptx runs, one of GRIDQUEUE_CUDA_ARCHITECTURES")
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(gridqueue_ptx_folder ${CMAKE_CURRENT_LIST_DIR})
file(GLOB gridqueue_translator CONFIGURE_DEPENDS ${gridqueue_ptx_folder}/translate/*.py)

# gridqueue_translate(OUT TARGET SOURCE...): C++ from the PTX in a target's objects, appended to the list OUT.
function(gridqueue_translate out target)
  foreach(source IN LISTS ARGN)
    get_filename_component(name ${source} NAME_WE)
    set(object "$<FILTER:$<TARGET_OBJECTS:${target}>,INCLUDE,/${name}\\.cu\\.o$>")
    set(cpp ${CMAKE_BINARY_DIR}/ptx/${name}_${GRIDQUEUE_PTX_ARCHITECTURE}.cpp)
    add_custom_command(OUTPUT ${cpp}
      COMMAND ${Python3_EXECUTABLE} -B ${gridqueue_ptx_folder}/translate_object.py --arch ${GRIDQUEUE_PTX_ARCHITECTURE} ${object} ${cpp}
      DEPENDS ${object} ${gridqueue_ptx_folder}/translate_object.py ${gridqueue_translator} VERBATIM)
    list(APPEND ${out} ${cpp})
  endforeach()
  set(${out} ${${out}} PARENT_SCOPE)
endfunction()

file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/ptx)
add_library(gridqueue_planted OBJECT EXCLUDE_FROM_ALL ${gridqueue_ptx_folder}/planted.cu)
set_property(TARGET gridqueue_planted PROPERTY CUDA_ARCHITECTURES ${GRIDQUEUE_CUDA_ARCHITECTURES})
target_compile_options(gridqueue_planted PRIVATE --expt-relaxed-constexpr)
target_include_directories(gridqueue_planted PRIVATE ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR})

file(GLOB gridqueue_walk_cuda CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/host/walk/*.cu)
gridqueue_translate(gridqueue_translated gridqueue_kernels ${gridqueue_cuda_sources})
gridqueue_translate(gridqueue_translated gridqueue_walk ${gridqueue_walk_cuda})
gridqueue_translate(gridqueue_translated gridqueue_planted ${gridqueue_ptx_folder}/planted.cu)

# The runtime of tests/cuda_emulation, compiled with the toolkit's headers; what runs the threads is machine/.
file(GLOB gridqueue_ptx_machine CONFIGURE_DEPENDS ${gridqueue_ptx_folder}/machine/*.cpp)
file(GLOB gridqueue_ptx_runtime CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/cuda_emulation/device/*.cpp)
list(FILTER gridqueue_ptx_runtime EXCLUDE REGEX "/block.cpp$")
add_executable(test_ptx EXCLUDE_FROM_ALL ${gridqueue_device_tests} ${gridqueue_ptx_folder}/planted_test.cpp
  ${gridqueue_ptx_folder}/counts_test.cpp ${gridqueue_ptx_folder}/barriers_test.cpp ${gridqueue_ptx_machine} ${gridqueue_ptx_runtime} ${gridqueue_translated}
  $<TARGET_OBJECTS:gridqueue_planted>)
set_property(TARGET test_ptx PROPERTY LINKER_LANGUAGE CXX)
target_link_libraries(test_ptx PRIVATE gridqueue_machine gridqueue_present gridqueue_feeder nlohmann_json::nlohmann_json
  GTest::gtest GTest::gtest_main GTest::gmock)
target_include_directories(test_ptx SYSTEM PRIVATE ${CUDAToolkit_INCLUDE_DIRS})
target_compile_definitions(test_ptx PRIVATE GRIDQUEUE_SOURCE_DIR="${CMAKE_SOURCE_DIR}" GRIDQUEUE_EMULATED_CUDA=1)
target_compile_options(test_ptx PRIVATE -O1 -Wno-maybe-uninitialized)
set_property(SOURCE ${gridqueue_ptx_machine} APPEND PROPERTY COMPILE_OPTIONS -O2)
set_property(SOURCE ${gridqueue_ptx_runtime} APPEND PROPERTY COMPILE_OPTIONS -Wno-unknown-pragmas -Wno-deprecated-declarations -fno-openmp)
# No sum is fused that PTX has as two instructions; a fused one is one.
set_property(SOURCE ${gridqueue_translated} APPEND PROPERTY COMPILE_OPTIONS -w -mfma -ffp-contract=off -fno-math-errno)

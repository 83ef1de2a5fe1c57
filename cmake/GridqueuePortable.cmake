# GRIDQUEUE_PORTABLE: what computes with vectors is compiled for x86-64-v3 and for x86-64-v4, side by side in namespaces of
# their own (kernels/lane/portable_vector.hpp); kernels/backends/vector_choice.cpp chooses at run time. Inline functions of
# the standard library that both contain, the linker takes from the first that it meets: v3, which every processor that
# gets past host/main.cpp has (tests/scripts/check_portable.py looks).
set(gridqueue_vector_sources kernels/ac/cpu_evaluator.cpp kernels/linear/linear_cpu.cpp kernels/linear/base_voltages.cpp)
get_target_property(gridqueue_other_sources gridqueue_kernels SOURCES)
foreach(source IN LISTS gridqueue_vector_sources)
  list(REMOVE_ITEM gridqueue_other_sources ${CMAKE_SOURCE_DIR}/${source})
endforeach()
set_property(TARGET gridqueue_kernels PROPERTY SOURCES ${gridqueue_other_sources})
set_property(SOURCE kernels/backends/vector_choice.cpp kernels/ac/answer_rows.cpp APPEND PROPERTY COMPILE_DEFINITIONS GRIDQUEUE_PORTABLE=1)
foreach(level v3 v4)
  add_library(gridqueue_vectors_${level} OBJECT ${gridqueue_vector_sources})
  target_include_directories(gridqueue_vectors_${level} PRIVATE ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR})
  target_link_libraries(gridqueue_vectors_${level} PRIVATE gridqueue_core OpenMP::OpenMP_CXX gridqueue_warnings)
  target_compile_options(gridqueue_vectors_${level} PRIVATE -march=x86-64-${level} -ffp-contract=off ${gridqueue_float_flags})
  target_compile_definitions(gridqueue_vectors_${level} PRIVATE GRIDQUEUE_PORTABLE_VECTORS=1)
  target_sources(gridqueue_kernels PRIVATE $<TARGET_OBJECTS:gridqueue_vectors_${level}>)
endforeach()

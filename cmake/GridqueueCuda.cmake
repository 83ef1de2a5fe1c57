# The CUDA backend, where nvcc is found: kernels/*.cu joins gridqueue_kernels, for the architectures named here.
set(GRIDQUEUE_CUDA_ARCHITECTURES "80;90;100" CACHE STRING "Compute capabilities the CUDA backend is built for")
set(gridqueue_cuda_found FALSE)
if(NOT GRIDQUEUE_CUDA STREQUAL "OFF")
  set(CMAKE_CUDA_ARCHITECTURES ${GRIDQUEUE_CUDA_ARCHITECTURES})
  include(CheckLanguage)
  check_language(CUDA)
  if(CMAKE_CUDA_COMPILER)
    set(gridqueue_cuda_found TRUE)
  elseif(GRIDQUEUE_CUDA STREQUAL "ON")
    message(FATAL_ERROR "GRIDQUEUE_CUDA is ON but no nvcc was found; put it on the PATH or set CMAKE_CUDA_COMPILER")
  endif()
endif()

if(gridqueue_cuda_found)
  enable_language(CUDA)
  if(NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION)  # CMake 3.25 does not know that nvcc has C++20
    set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION "-std=c++20")
    set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION "-std=c++20")
  endif()
  find_package(CUDAToolkit REQUIRED)
  file(GLOB gridqueue_cuda_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/kernels/*.cu)
  target_sources(gridqueue_kernels PRIVATE ${gridqueue_cuda_sources})
  set_property(TARGET gridqueue_kernels PROPERTY CUDA_ARCHITECTURES ${GRIDQUEUE_CUDA_ARCHITECTURES})
  # Only where it is read, so that all other objects are those of a build without CUDA.
  set_property(SOURCE ${CMAKE_SOURCE_DIR}/kernels/cuda_library.cpp ${CMAKE_SOURCE_DIR}/kernels/no_cuda.cpp
    ${CMAKE_SOURCE_DIR}/host/explore/order_front.cpp APPEND PROPERTY COMPILE_DEFINITIONS GRIDQUEUE_HAS_CUDA=1)
  target_compile_options(gridqueue_kernels PRIVATE
    $<$<COMPILE_LANGUAGE:CUDA>:--expt-relaxed-constexpr -Werror all-warnings>)
  target_link_libraries(gridqueue_kernels INTERFACE $<LINK_ONLY:CUDA::cudart_static> ${CMAKE_DL_LIBS})
  # These are loaded when first used (kernels/cuda_library.cpp): only their headers and names are needed here.
  foreach(library cublas cusolver cusparse)
    if(NOT TARGET CUDA::${library})
      message(FATAL_ERROR "${library} was not found beside nvcc (${CUDAToolkit_LIBRARY_DIR}); install it (lib${library}-dev)")
    endif()
    get_filename_component(gridqueue_library_file ${CUDA_${library}_LIBRARY} REALPATH)
    get_filename_component(gridqueue_library_name ${gridqueue_library_file} NAME)
    get_filename_component(gridqueue_library_folder ${gridqueue_library_file} DIRECTORY)
    string(TOUPPER ${library} gridqueue_library_id)
    set_property(SOURCE ${CMAKE_SOURCE_DIR}/kernels/cuda_library.cpp APPEND PROPERTY COMPILE_DEFINITIONS
      GRIDQUEUE_${gridqueue_library_id}="${gridqueue_library_name}")
  endforeach()
  set_property(SOURCE ${CMAKE_SOURCE_DIR}/kernels/cuda_library.cpp APPEND PROPERTY COMPILE_DEFINITIONS
    GRIDQUEUE_CUDA_LIBRARIES="${gridqueue_library_folder}")
else()
  message(STATUS "CUDA backend: not built (no nvcc, or GRIDQUEUE_CUDA=OFF)")
endif()

# gridqueue_cuda_sources(LIBRARY FOLDER): FOLDER/*.cu joins a library that uses gridqueue_kernels, in a build with CUDA.
function(gridqueue_cuda_sources library folder)
  if(NOT gridqueue_cuda_found)
    return()
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cu)
  target_sources(gridqueue_${library} PRIVATE ${sources})
  set_property(TARGET gridqueue_${library} PROPERTY CUDA_ARCHITECTURES ${GRIDQUEUE_CUDA_ARCHITECTURES})
  target_compile_options(gridqueue_${library} PRIVATE $<$<COMPILE_LANGUAGE:CUDA>:--expt-relaxed-constexpr -Werror all-warnings>)
endfunction()

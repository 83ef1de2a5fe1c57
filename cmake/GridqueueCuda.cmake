# The CUDA backend, where nvcc is found: kernels/cuda/*.cu joins gridqueue_kernels, for the architectures named here, or in the
# environment (CUDAARCHS), or, with GRIDQUEUE_CUDA=DEVICE, for those of the devices present.
set(gridqueue_architectures "80;90;100")
if(DEFINED ENV{CUDAARCHS})
  set(gridqueue_architectures $ENV{CUDAARCHS})
endif()
set(GRIDQUEUE_CUDA_ARCHITECTURES "${gridqueue_architectures}" CACHE STRING "Compute capabilities the CUDA backend is built for")
set(gridqueue_cuda_found FALSE)
set(gridqueue_cuda_emulated FALSE)
if(GRIDQUEUE_CUDA STREQUAL "EMULATED")
  set(gridqueue_cuda_emulated TRUE)
elseif(GRIDQUEUE_CUDA STREQUAL "DEVICE")
  execute_process(COMMAND nvidia-smi --query-gpu=compute_cap --format=csv,noheader OUTPUT_VARIABLE gridqueue_devices
                  RESULT_VARIABLE gridqueue_no_device ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  string(REGEX MATCHALL "[0-9]+[.][0-9]+" gridqueue_devices "${gridqueue_devices}")
  list(REMOVE_DUPLICATES gridqueue_devices)
  list(TRANSFORM gridqueue_devices REPLACE "[.]" "")
endif()
set(gridqueue_why_no_cuda "no nvcc, or GRIDQUEUE_CUDA=OFF")
if(GRIDQUEUE_CUDA STREQUAL "DEVICE" AND (gridqueue_no_device OR NOT gridqueue_devices))
  list(JOIN GRIDQUEUE_CUDA_ARCHITECTURES ", sm_" gridqueue_all)
  set(gridqueue_why_no_cuda "no device here; where nvcc is, make build builds it for sm_${gridqueue_all}")
elseif(GRIDQUEUE_CUDA MATCHES "AUTO|ON|DEVICE")
  if(gridqueue_devices)
    set(GRIDQUEUE_CUDA_ARCHITECTURES ${gridqueue_devices})
    set(gridqueue_why_no_cuda "a device is here but no nvcc; install the CUDA toolkit or put nvcc on the PATH")
  endif()
  set(CMAKE_CUDA_ARCHITECTURES ${GRIDQUEUE_CUDA_ARCHITECTURES})
  include(CheckLanguage)
  check_language(CUDA)
  if(CMAKE_CUDA_COMPILER)
    set(gridqueue_cuda_found TRUE)
  elseif(GRIDQUEUE_CUDA STREQUAL "ON")
    message(FATAL_ERROR "GRIDQUEUE_CUDA is ON but no nvcc was found; put it on the PATH or set CMAKE_CUDA_COMPILER")
  endif()
endif()

# gridqueue_emulate(SOURCE...): compiled as C++ that finds the emulated CUDA runtime, with sanitizers where asked.
function(gridqueue_emulate)
  set_property(SOURCE ${ARGN} PROPERTY LANGUAGE CXX)
  set_property(SOURCE ${ARGN} APPEND PROPERTY INCLUDE_DIRECTORIES ${CMAKE_SOURCE_DIR}/tests/cuda_emulation/device)
  set_property(SOURCE ${ARGN} APPEND PROPERTY COMPILE_OPTIONS -Werror $<$<BOOL:${GRIDQUEUE_SANITIZE}>:-O1> ${gridqueue_sanitizers})
endfunction()

if(gridqueue_cuda_found)
  enable_language(CUDA)
  if(NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION)  # CMake 3.25 does not know that nvcc has C++20
    set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION "-std=c++20")
    set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION "-std=c++20")
  endif()
  find_package(CUDAToolkit REQUIRED)
  file(GLOB gridqueue_cuda_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/kernels/cuda/*.cu)
  target_sources(gridqueue_kernels PRIVATE ${gridqueue_cuda_sources})
  set_property(TARGET gridqueue_kernels PROPERTY CUDA_ARCHITECTURES ${GRIDQUEUE_CUDA_ARCHITECTURES})
  # Only where it is read, so that all other objects are those of a build without CUDA.
  set_property(SOURCE ${CMAKE_SOURCE_DIR}/kernels/cuda/cuda_library.cpp ${CMAKE_SOURCE_DIR}/kernels/backends/no_cuda.cpp
    ${CMAKE_SOURCE_DIR}/host/walk/order_front.cpp APPEND PROPERTY COMPILE_DEFINITIONS GRIDQUEUE_HAS_CUDA=1)
  target_compile_options(gridqueue_kernels PRIVATE
    $<$<COMPILE_LANGUAGE:CUDA>:--expt-relaxed-constexpr -Werror all-warnings>)
  target_link_libraries(gridqueue_kernels INTERFACE $<LINK_ONLY:CUDA::cudart_static> ${CMAKE_DL_LIBS})
  # These are loaded when first used (kernels/cuda/cuda_library.cpp): only their headers and names are needed here.
  foreach(library cublas cusolver cusparse)
    if(NOT TARGET CUDA::${library})
      message(FATAL_ERROR "${library} was not found beside nvcc (${CUDAToolkit_LIBRARY_DIR}); install it (lib${library}-dev)")
    endif()
    get_filename_component(gridqueue_library_file ${CUDA_${library}_LIBRARY} REALPATH)
    get_filename_component(gridqueue_library_name ${gridqueue_library_file} NAME)
    string(TOUPPER ${library} gridqueue_library_id)
    set_property(SOURCE ${CMAKE_SOURCE_DIR}/kernels/cuda/cuda_library.cpp APPEND PROPERTY COMPILE_DEFINITIONS
      GRIDQUEUE_${gridqueue_library_id}="${gridqueue_library_name}")
  endforeach()
elseif(gridqueue_cuda_emulated)
  # For tests: the .cu files are compiled by the host's compiler against tests/cuda_emulation, which has what they use of
  # the CUDA runtime, cuBLAS, cuSOLVER and cuSPARSE; libraries.cpp there looks functions up in place of
  # kernels/cuda/cuda_library.cpp. All other objects are those of any build.
  message(STATUS "CUDA backend: emulated on the CPU, for tests only")
  file(GLOB gridqueue_cuda_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/kernels/cuda/*.cu)
  file(GLOB gridqueue_emulation_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/cuda_emulation/device/*.cpp)
  target_sources(gridqueue_kernels PRIVATE ${gridqueue_cuda_sources} ${gridqueue_emulation_sources})
  set_property(SOURCE ${CMAKE_SOURCE_DIR}/kernels/backends/no_cuda.cpp ${CMAKE_SOURCE_DIR}/host/walk/order_front.cpp
    APPEND PROPERTY COMPILE_DEFINITIONS GRIDQUEUE_HAS_CUDA=1)
  gridqueue_emulate(${gridqueue_cuda_sources} ${gridqueue_emulation_sources})
  # inlined to one function they would compile for ten minutes
  set_property(SOURCE ${gridqueue_cuda_sources} APPEND PROPERTY COMPILE_DEFINITIONS GRIDQUEUE_PLAIN_CALLS=1)
else()
  message(STATUS "CUDA backend: not built (${gridqueue_why_no_cuda})")
endif()

# gridqueue_cuda_sources(LIBRARY FOLDER): FOLDER/*.cu joins a library that uses gridqueue_kernels, in a build with CUDA.
function(gridqueue_cuda_sources library folder)
  if(NOT gridqueue_cuda_found AND NOT gridqueue_cuda_emulated)
    return()
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cu)
  target_sources(gridqueue_${library} PRIVATE ${sources})
  if(gridqueue_cuda_emulated)  # Thrust's device is OpenMP, as for host code
    gridqueue_emulate(${sources})
    set_property(SOURCE ${sources} APPEND PROPERTY COMPILE_DEFINITIONS GRIDQUEUE_EMULATED_THRUST=1)
    if(GRIDQUEUE_SANITIZE)  # Thrust 1.17's unique() looks at the element before the first; copies are watched all the same
      set_property(SOURCE ${sources} APPEND PROPERTY COMPILE_OPTIONS -fno-sanitize=all)
    endif()
    return()
  endif()
  set_property(TARGET gridqueue_${library} PROPERTY CUDA_ARCHITECTURES ${GRIDQUEUE_CUDA_ARCHITECTURES})
  target_compile_options(gridqueue_${library} PRIVATE $<$<COMPILE_LANGUAGE:CUDA>:--expt-relaxed-constexpr -Werror all-warnings>)
endfunction()

# Everything below is packaged by Debian and Ubuntu; scripts/setup installs it.
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Eigen3 REQUIRED NO_MODULE)
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)  # SHA-256 of feeders and of their source files
find_package(HDF5 REQUIRED COMPONENTS C HL)

add_library(gridqueue_hdf5 INTERFACE)
target_include_directories(gridqueue_hdf5 SYSTEM INTERFACE ${HDF5_INCLUDE_DIRS})
target_link_libraries(gridqueue_hdf5 INTERFACE ${HDF5_C_HL_LIBRARIES} ${HDF5_C_LIBRARIES})
target_compile_definitions(gridqueue_hdf5 INTERFACE ${HDF5_DEFINITIONS})

if(GRIDQUEUE_MPI)  # one run by many processes; for those who ask for it
  find_package(MPI REQUIRED COMPONENTS C)
endif()

# libcsv reads queues that are kept in spreadsheets.
find_path(GRIDQUEUE_CSV_DIR csv.h REQUIRED)
find_library(GRIDQUEUE_CSV_LIBRARY csv REQUIRED)
mark_as_advanced(GRIDQUEUE_CSV_DIR GRIDQUEUE_CSV_LIBRARY)
add_library(gridqueue_csv INTERFACE)
target_include_directories(gridqueue_csv SYSTEM INTERFACE ${GRIDQUEUE_CSV_DIR})
target_link_libraries(gridqueue_csv INTERFACE ${GRIDQUEUE_CSV_LIBRARY})

# Clp (COIN-OR's simplex) solves the linear programs of cost allocation.
find_path(GRIDQUEUE_CLP_DIR ClpSimplex.hpp PATH_SUFFIXES coin coin-or REQUIRED)
find_library(GRIDQUEUE_CLP_LIBRARY Clp REQUIRED)
find_library(GRIDQUEUE_COINUTILS_LIBRARY CoinUtils REQUIRED)
mark_as_advanced(GRIDQUEUE_CLP_DIR GRIDQUEUE_CLP_LIBRARY GRIDQUEUE_COINUTILS_LIBRARY)
add_library(gridqueue_clp INTERFACE)
target_include_directories(gridqueue_clp SYSTEM INTERFACE ${GRIDQUEUE_CLP_DIR})
target_link_libraries(gridqueue_clp INTERFACE ${GRIDQUEUE_CLP_LIBRARY} ${GRIDQUEUE_COINUTILS_LIBRARY})

# Thrust: the CUDA toolkit's where it is installed, else Debian's libthrust-dev; host code runs on its OpenMP backend.
find_path(GRIDQUEUE_THRUST_DIR thrust/version.h HINTS /usr/include REQUIRED)
add_library(gridqueue_thrust INTERFACE)
target_include_directories(gridqueue_thrust SYSTEM INTERFACE ${GRIDQUEUE_THRUST_DIR})
target_link_libraries(gridqueue_thrust INTERFACE OpenMP::OpenMP_CXX)
target_compile_definitions(gridqueue_thrust INTERFACE $<$<COMPILE_LANGUAGE:CXX>:THRUST_DEVICE_SYSTEM=THRUST_DEVICE_SYSTEM_OMP>)

include(FindDssCapi)
if(GRIDQUEUE_SANITIZE AND NOT GRIDQUEUE_CUDA STREQUAL "EMULATED")  # Thrust 1.17 binds references to empty ranges in its own headers
  target_compile_options(gridqueue_thrust INTERFACE -fno-sanitize=null,nonnull-attribute)
endif()

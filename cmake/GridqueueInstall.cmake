# What `cmake --install` makes works wherever it is moved: the program finds its files from where it lies, and nothing of
# the machine that built it is inside (tests/scripts/check_install.py). A build folder says in a file beside the program
# where its source tree and what CMake found are.
file(WRITE ${CMAKE_BINARY_DIR}/gridqueue-build.txt "source ${CMAKE_SOURCE_DIR}\n")
if(DssCapi_LIBRARY)
  file(APPEND ${CMAKE_BINARY_DIR}/gridqueue-build.txt "dss ${DssCapi_LIBRARY}\n")
endif()
if(gridqueue_cuda_found)
  file(APPEND ${CMAKE_BINARY_DIR}/gridqueue-build.txt "cuda ${CUDAToolkit_LIBRARY_DIR}\n")
endif()

install(TARGETS gridqueue RUNTIME DESTINATION bin)
install(DIRECTORY python/gridqueue_report DESTINATION share/gridqueue/report PATTERN __pycache__ EXCLUDE)
install(DIRECTORY data experiments docs DESTINATION share/gridqueue PATTERN __pycache__ EXCLUDE)
install(FILES README.md CHANGELOG.md LICENSE DESTINATION share/gridqueue)

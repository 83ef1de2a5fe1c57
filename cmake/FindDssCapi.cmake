# Where the DSS C-API library (OpenDSS) lies at configure time, as a default; the program looks again at run time
# (--dss-library, $GRIDQUEUE_DSS_CAPI). Nothing of it is needed to build.
#   DssCapi_LIBRARY   path of libdss_capi, empty where it is not installed
set(dss_folders $ENV{GRIDQUEUE_DSS_CAPI} $ENV{GRIDQUEUE_DSS_CAPI}/dss_python_backend.libs)
file(GLOB dss_venv ${CMAKE_SOURCE_DIR}/.venv/lib/python3*/site-packages/dss_python_backend.libs)
list(APPEND dss_folders ${dss_venv})
find_program(GRIDQUEUE_PYTHON python3)
mark_as_advanced(GRIDQUEUE_PYTHON)
if(GRIDQUEUE_PYTHON)
  execute_process(
    COMMAND ${GRIDQUEUE_PYTHON} -c "import site, sys; print(';'.join(site.getsitepackages() + [site.getusersitepackages()]))"
    OUTPUT_VARIABLE dss_sites OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  foreach(site IN LISTS dss_sites)
    list(APPEND dss_folders ${site}/dss_python_backend.libs)
  endforeach()
endif()

set(DssCapi_LIBRARY "")
foreach(folder IN LISTS dss_folders)
  if(NOT DssCapi_LIBRARY)
    file(GLOB dss_found ${folder}/libdss_capi-*.so ${folder}/libdss_capi.so ${folder}/libdss_capi*.dylib)
    if(dss_found)
      list(GET dss_found 0 DssCapi_LIBRARY)
    endif()
  endif()
endforeach()
if(DssCapi_LIBRARY)
  message(STATUS "Found OpenDSS: ${DssCapi_LIBRARY}")
else()
  message(STATUS "OpenDSS is not installed (pip install dss_python_backend==0.14.5): import-dss and its tests need it at run time")
endif()

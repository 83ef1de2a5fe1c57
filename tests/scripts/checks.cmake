# Scripts: gpu-check with stand-ins for what is not here; bench on one quick benchmark; build-cost on one file; an
# installed tree, moved.
find_package(Python3 COMPONENTS Interpreter QUIET)
if(Python3_FOUND)
  add_test(NAME scripts.gpu_check COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_LIST_DIR}/check_gpu_check.py)
  set_tests_properties(scripts.gpu_check PROPERTIES LABELS scripts TIMEOUT 300)
  add_test(NAME scripts.bench COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_LIST_DIR}/check_bench.py ${CMAKE_BINARY_DIR})
  set_tests_properties(scripts.bench PROPERTIES LABELS scripts TIMEOUT 600 SKIP_RETURN_CODE 77)
  add_test(NAME scripts.install COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_LIST_DIR}/check_install.py ${CMAKE_BINARY_DIR} ${CMAKE_SOURCE_DIR})
  set_tests_properties(scripts.install PROPERTIES LABELS scripts TIMEOUT 300)
  add_test(NAME scripts.build_cost COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_LIST_DIR}/check_build_cost.py ${CMAKE_BINARY_DIR})
  set_tests_properties(scripts.build_cost PROPERTIES LABELS scripts TIMEOUT 300)
endif()

# Checks in Python: PyPSA solves the network of experiments/constraint_matrix (skipped where pypsa is not installed), and
# the experiment's file is what its script writes. $GRIDQUEUE_PYTHON chooses the interpreter at run time.
find_package(Python3 COMPONENTS Interpreter QUIET)
if(TARGET test_allocate AND Python3_FOUND)
  add_test(NAME allocate.pypsa COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/check_pypsa.py $<TARGET_FILE:test_allocate>)
  set_tests_properties(allocate.pypsa PROPERTIES SKIP_RETURN_CODE 77 LABELS allocate TIMEOUT 300)
  add_test(NAME allocate.network_file COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/check_network_file.py)
  set_tests_properties(allocate.network_file PROPERTIES LABELS allocate)
endif()

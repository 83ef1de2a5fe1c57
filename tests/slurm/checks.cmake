# The job scripts on a real Slurm, started here; skipped, with the reason, where it cannot run (not root, not installed).
find_package(Python3 COMPONENTS Interpreter QUIET)
if(Python3_FOUND)
  add_test(NAME slurm.array COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_LIST_DIR}/check_slurm.py $<TARGET_FILE:gridqueue>)
  set_tests_properties(slurm.array PROPERTIES SKIP_RETURN_CODE 77 LABELS slurm TIMEOUT 300)
endif()

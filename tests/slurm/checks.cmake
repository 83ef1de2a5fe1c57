# The job scripts on a real Slurm, started here; skipped, with the reason, where it cannot run (not root, not installed).
find_package(Python3 COMPONENTS Interpreter QUIET)
if(Python3_FOUND)
  foreach(kind array mpi)
    add_test(NAME slurm.${kind} COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_LIST_DIR}/check_${kind}.py $<TARGET_FILE:gridqueue>)
    set_tests_properties(slurm.${kind} PROPERTIES SKIP_RETURN_CODE 77 LABELS slurm TIMEOUT 900)  # on a machine that does much else
  endforeach()
endif()

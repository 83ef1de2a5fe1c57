# The report, in Python (packages: `make python`): its numbers, and its page in a headless browser; and the experiments
# made of its parts. Skipped, with the
# reason, where packages or a browser are missing.
find_package(Python3 COMPONENTS Interpreter QUIET)
if(Python3_FOUND)
  foreach(check numbers queues damage browser cluster_activity order_luck feeders)
    add_test(NAME report.${check} COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_LIST_DIR}/check_${check}.py $<TARGET_FILE:gridqueue>)
    set_tests_properties(report.${check} PROPERTIES SKIP_RETURN_CODE 77 LABELS report TIMEOUT 600)
  endforeach()
endif()

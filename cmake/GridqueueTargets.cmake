add_library(gridqueue_warnings INTERFACE)
target_compile_options(gridqueue_warnings INTERFACE
  # -Wno-restrict: GCC 12 warns about its own std::string (bug 105651)
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wconversion -Wshadow -Wno-restrict>
  $<$<AND:$<BOOL:${GRIDQUEUE_WERROR}>,$<COMPILE_LANGUAGE:CXX>>:-Werror>)

# Messages name files from the source tree on, so that no path of this machine gets into the program.
add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fmacro-prefix-map=${CMAKE_SOURCE_DIR}/=>
  $<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=-fmacro-prefix-map=${CMAKE_SOURCE_DIR}/=>)

if(GRIDQUEUE_SANITIZE)
  set(gridqueue_sanitizers -fsanitize=address,undefined -fno-omit-frame-pointer)
  if(GRIDQUEUE_CUDA STREQUAL "EMULATED")  # device code alone is looked at (GridqueueCuda.cmake)
    list(APPEND gridqueue_sanitizers -fno-sanitize-recover=all -g1)
  else()
    add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:${gridqueue_sanitizers}>")
  endif()
  add_link_options(-fsanitize=address,undefined)
endif()

# gridqueue_library(NAME FOLDERS DEPS...): a static library gridqueue_NAME from every .cpp of the folders; one file of them all
# where CMAKE_UNITY_BUILD is on (preset run).
function(gridqueue_library name folders)
  list(TRANSFORM folders REPLACE "(.+)" "${CMAKE_SOURCE_DIR}/\\1/*.cpp")
  file(GLOB sources CONFIGURE_DEPENDS ${folders})
  add_library(gridqueue_${name} STATIC ${sources})
  target_include_directories(gridqueue_${name} PUBLIC ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR})
  target_link_libraries(gridqueue_${name} PUBLIC ${ARGN} PRIVATE gridqueue_warnings)
endfunction()

# gridqueue_cold(NAME...): where next to no time is spent at work. More than -O1 would only cost time to compile; without
# fused operations it changes no number.
function(gridqueue_cold)
  foreach(name IN LISTS ARGN)
    target_compile_options(gridqueue_${name} PRIVATE $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CONFIG:Release>>:-O1>)
  endforeach()
endfunction()

# gridqueue_hot(FILE...): where time is spent all the same.
function(gridqueue_hot)
  foreach(file IN LISTS ARGN)
    set_property(SOURCE ${file} APPEND PROPERTY COMPILE_OPTIONS $<$<CONFIG:Release>:-O2>)
  endforeach()
endfunction()

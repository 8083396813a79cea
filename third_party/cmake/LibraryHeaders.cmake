# precompile_library_headers(<target> [TESTS]): the target's sources find the headers of the standard library and of the
# packages that most of them include already parsed, which takes about a third off a clean build. One set of them is made
# for each set of compiler options: a precompiled header is good for the options it was made with only.
option(PUMP_PRECOMPILE "Parse the headers of libraries once, not in every source" ON)

set(pump_standard_headers
  <algorithm> <array> <cmath> <cstdint> <filesystem> <fstream> <functional> <map> <memory> <optional> <set> <span> <string>
  <string_view> <utility> <vector>)
set(pump_package_headers <fmt/format.h> <glm/glm.hpp>)
set(pump_test_headers
  <catch2/catch_approx.hpp> <catch2/catch_test_macros.hpp> <catch2/generators/catch_generators.hpp>
  <catch2/matchers/catch_matchers_floating_point.hpp> <catch2/matchers/catch_matchers_string.hpp>)

function(precompile_library_headers target)
  get_target_property(type ${target} TYPE)
  if(NOT PUMP_PRECOMPILE OR type STREQUAL INTERFACE_LIBRARY)
    return()
  endif()
  get_target_property(options ${target} COMPILE_OPTIONS) # beside those of pump_options, which all share
  if(NOT options OR NOT CMAKE_BUILD_TYPE STREQUAL Debug) # elsewhere they are the same everywhere
    set(options "")
  endif()
  set(headers ${pump_standard_headers} ${pump_package_headers})
  set(libraries pump_options fmt::fmt glm::glm)
  if("TESTS" IN_LIST ARGN)
    list(APPEND headers ${pump_test_headers})
    list(APPEND libraries Catch2::Catch2)
  endif()
  string(MD5 key "${headers};${options}")
  string(SUBSTRING ${key} 0 8 key)
  set(provider library-headers-${key})
  if(NOT TARGET ${provider})
    set(source ${CMAKE_BINARY_DIR}/library-headers.cpp)
    if(NOT EXISTS ${source})
      file(WRITE ${source} "// Its headers are what counts.\n")
    endif()
    add_library(${provider} OBJECT ${source})
    target_link_libraries(${provider} PRIVATE ${libraries})
    target_compile_options(${provider} PRIVATE ${options})
    target_precompile_headers(${provider} PRIVATE ${headers})
  endif()
  target_precompile_headers(${target} REUSE_FROM ${provider})
endfunction()

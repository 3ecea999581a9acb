# How a library, a program and a test are declared, so that each CMakeLists.txt says only
# what is particular to it.
include(GoogleTest)

# Every target shares one precompiled header (built once): Asio, Boost.JSON and the standard
# library cost more to parse than all of our own code.
add_library(mlp_pch OBJECT ${CMAKE_CURRENT_LIST_DIR}/pch.cpp)
target_link_libraries(mlp_pch PUBLIC mlp_options Boost::json Boost::url fmt::fmt Threads::Threads)
target_precompile_headers(mlp_pch PRIVATE ${CMAKE_CURRENT_LIST_DIR}/pch.hpp)
# Asio's separate compilation mode: its sources are compiled once, in pch.cpp.
target_compile_definitions(mlp_pch PUBLIC BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)

function(mlp_common_settings target)
  target_link_libraries(${target} PUBLIC mlp_pch)
  target_precompile_headers(${target} REUSE_FROM mlp_pch)
endfunction()

# mlp_library(<name> SOURCES ... [DEPENDS ...]): a static library mlp::<name> with its public
# headers in include/.
function(mlp_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  add_library(mlp::${name} ALIAS ${name})
  target_include_directories(${name} PUBLIC include PRIVATE src)
  target_link_libraries(${name} PUBLIC ${ARG_DEPENDS})
  mlp_common_settings(${name})
endfunction()

# mlp_test(<name> SOURCES ... [DEPENDS ...] [LABELS ...]): a GoogleTest program whose tests
# ctest discovers one by one. The label `postgres` marks those that need TEST_DATABASE_URL.
function(mlp_test name)
  if(NOT MLP_BUILD_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} GTest::gmock GTest::gtest_main)
  mlp_common_settings(${name})
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST
                       PROPERTIES TIMEOUT 120 LABELS "${ARG_LABELS}")
  add_dependencies(tests ${name})
endfunction()

if(MLP_BUILD_TESTS)
  add_custom_target(tests)
endif()

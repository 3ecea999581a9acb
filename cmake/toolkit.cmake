# How a library, a service and their tests are declared, so that each CMakeLists.txt says only what is
# particular to it. Sources are found by their place: to add a file is no edit here or there.

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

# mlp_library(<name> [DEPENDS ...]): a static library mlp::<name> of src/**.cpp, with its public headers in
# include/.
function(mlp_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS src/*.cpp)
  add_library(${name} STATIC ${sources})
  add_library(mlp::${name} ALIAS ${name})
  target_include_directories(${name} PUBLIC include PRIVATE src)
  target_link_libraries(${name} PUBLIC ${ARG_DEPENDS})
  mlp_common_settings(${name})
endfunction()

# mlp_service(<name> [DEPENDS ...]): the program <name> of app/**.cpp. All of it but app/main.cpp is a library
# <name>_lib with underscores for dashes, so that the program and the tests link the same objects.
function(mlp_service name)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  string(REPLACE - _ library ${name}_lib)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS app/*.cpp)
  list(REMOVE_ITEM sources ${CMAKE_CURRENT_SOURCE_DIR}/app/main.cpp)
  add_library(${library} OBJECT ${sources})
  target_include_directories(${library} PUBLIC app)
  target_link_libraries(${library} PUBLIC ${ARG_DEPENDS})
  mlp_common_settings(${library})
  add_executable(${name} app/main.cpp)
  target_link_libraries(${name} PRIVATE ${library})
  mlp_common_settings(${name})
endfunction()

# mlp_tests(<name> [DEPENDS ...] [DEFINITIONS ...]): the GoogleTest program <name>_tests of tests/**.cpp, and
# <name>_integration_tests of tests/integration/**.cpp where there are any. Each is one test of ctest: a process for
# each TEST would start more than 700 of them. The label `postgres` marks the second, which need TEST_DATABASE_URL.
function(mlp_tests name)
  if(NOT MLP_BUILD_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "DEPENDS;DEFINITIONS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS tests/*.cpp)
  set(integration ${sources})
  list(FILTER integration INCLUDE REGEX "/tests/integration/[^/]+\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "/tests/integration/[^/]+\\.cpp$")
  _mlp_test_program(${name}_tests "" ${sources})
  if(integration)
    _mlp_test_program(${name}_integration_tests postgres ${integration})
  endif()
endfunction()

# _mlp_test_program(<program> <label> <source>...): uses the arguments of mlp_tests.
function(_mlp_test_program program label)
  add_executable(${program} ${ARGN})
  # What is not public is tested too: src/ is that of the library beside the tests.
  target_include_directories(${program} PRIVATE tests src)
  target_compile_definitions(${program} PRIVATE ${ARG_DEFINITIONS})
  target_link_libraries(${program} PRIVATE ${ARG_DEPENDS} test_support mlp_test_pch GTest::gtest_main)
  target_precompile_headers(${program} REUSE_FROM mlp_test_pch)
  add_test(NAME ${program} COMMAND ${program})
  set_tests_properties(${program} PROPERTIES TIMEOUT 600 LABELS "${label}")
  add_dependencies(tests ${program})
endfunction()

if(MLP_BUILD_TESTS)
  add_custom_target(tests)

  # The tests' own precompiled header: the above, and GoogleTest.
  add_library(mlp_test_pch OBJECT ${CMAKE_CURRENT_LIST_DIR}/pch_tests.cpp)
  target_link_libraries(mlp_test_pch PUBLIC mlp_pch GTest::gmock)
  target_precompile_headers(mlp_test_pch PRIVATE ${CMAKE_CURRENT_LIST_DIR}/pch.hpp
                                                 ${CMAKE_CURRENT_LIST_DIR}/pch_tests.hpp)
endif()

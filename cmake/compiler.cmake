# The language level, the warnings and the tools around the compiler, for every target.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

# g++ 12 (Debian's default) destroys temporaries twice in a full expression that contains
# co_await, without a warning: see docs/adr/0001-clang-19.md.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
  message(FATAL_ERROR "g++ ${CMAKE_CXX_COMPILER_VERSION} miscompiles coroutines. "
                      "Use clang 19 (the presets do), or g++ 14 or newer.")
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # The sloppiness lets ccache serve a file that is compiled with a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${CCACHE_PROGRAM})
endif()

add_library(mlp_options INTERFACE)
target_compile_options(mlp_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -Werror
  # Naming only the members that differ from their defaults is what designated initialisers are for.
  -Wno-missing-designated-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # ccache can then reuse a precompiled header that was built at another time.
  target_compile_options(mlp_options INTERFACE "SHELL:-Xclang -fno-pch-timestamp")
  target_link_options(mlp_options INTERFACE -fuse-ld=lld)
endif()

set(MLP_SANITIZE "" CACHE STRING "Sanitizers to build with, as -fsanitize takes them")
if(MLP_SANITIZE)
  target_compile_options(mlp_options INTERFACE -fsanitize=${MLP_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(mlp_options INTERFACE -fsanitize=${MLP_SANITIZE})
endif()

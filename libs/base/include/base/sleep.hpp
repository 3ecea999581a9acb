// A pause of one coroutine, in which the thread serves others.
#pragma once

#include <chrono>

#include <base/task.hpp>

namespace base {

/// Throws boost::system::system_error (operation_aborted) if the coroutine is cancelled meanwhile.
[[nodiscard]] Task<> sleep_for(std::chrono::steady_clock::duration duration);

}  // namespace base

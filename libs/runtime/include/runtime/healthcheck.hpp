// The request of a container's HEALTHCHECK, so that the image needs no curl.
#pragma once

#include <cstdint>

namespace runtime {

/// Requests /health from http://127.0.0.1:`port` and waits for at most 2 s. Returns 0 for a 200,
/// else 1 after a line on stderr.
[[nodiscard]] int healthcheck(std::uint16_t port);

}  // namespace runtime

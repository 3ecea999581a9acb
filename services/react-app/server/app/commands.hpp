// The subcommands of `react-app`.
#pragma once

namespace app {

/// Serves until SIGTERM. Returns the exit status.
[[nodiscard]] int serve();

/// Checks that the server on this machine answers, for container health checks.
[[nodiscard]] int check_health();

}  // namespace app

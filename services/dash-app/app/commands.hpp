// The subcommands of `dash-app`.
#pragma once

namespace app {

/// Serves until SIGTERM. Returns the exit status.
[[nodiscard]] int serve();

/// Checks that the dashboard on this machine answers, for container health checks.
[[nodiscard]] int check_health();

/// Prints the files of the front end, so that an image contains only these.
[[nodiscard]] int list_bundles();

}  // namespace app

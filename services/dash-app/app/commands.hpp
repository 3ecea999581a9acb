// The subcommands of `dash-app`.
#pragma once

namespace app {

/// Serves until SIGTERM. Returns the exit status.
[[nodiscard]] int serve();

/// Whether the dashboard on this machine answers, for container health checks.
[[nodiscard]] int check_health();

/// Prints what the front end consists of, so that an image holds that and nothing else.
[[nodiscard]] int list_bundles();

}  // namespace app

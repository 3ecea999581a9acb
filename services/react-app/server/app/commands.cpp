// The composition root: only this file connects the parts.
#include <application.hpp>
#include <commands.hpp>
#include <config.hpp>

#include <runtime/healthcheck.hpp>
#include <runtime/host.hpp>

namespace app {
namespace {

constexpr auto kServiceName = "react";

}  // namespace

int serve() {
    const auto config = read_config();
    runtime::Host host(config.settings, kServiceName, kVersion);
    const auto application =
        make_application({.dist_dir = config.dist_dir, .connect_origins = config.connect_origins});

    // No readiness check: the files, which are all that this service needs, are in memory by now.
    return host.serve(*application);
}

int check_health() {
    return runtime::healthcheck(read_port());
}

}  // namespace app

// The composition root: only this file connects the parts.
#include <application.hpp>
#include <commands.hpp>
#include <config.hpp>
#include <iostream>

#include <layouts/items_page.hpp>
#include <services/api_items_source.hpp>

#include <runtime/healthcheck.hpp>
#include <runtime/host.hpp>
#include <web/client.hpp>
#include <web/client_metrics.hpp>

namespace app {
namespace {

// The name in jobs, labels and links of the monitoring.
constexpr auto kServiceName = "dash";

// The time limit for all API calls of one poll. A later answer is useless to the page, which needs
// the rest of the period to receive it.
constexpr std::chrono::seconds kApiTimeout(2);
static_assert(kApiTimeout < kPollPeriod);
// How long a failing API gets no calls. It is short, because people watch the recovery.
constexpr std::chrono::seconds kApiPause(1);

}  // namespace

int serve() {
    const auto config = read_config();
    runtime::Host host(config.settings, kServiceName, kVersion);
    web::Client api({.base_url = config.api_url,
                     .timeout = kApiTimeout,
                     .retry = {.attempts = 2},
                     .breaker = {.failures = 5, .open_for = kApiPause},
                     .on_call = web::client_metrics(host.registry())},
                    host.contexts());
    ApiItemsSource items(api, host.registry());
    const auto suites = std::make_shared<const dash::Suites>(config.suites_dir);
    const auto application = make_application(
        items, suites,
        {.prefix = config.prefix, .assets = config.assets_dir, .debug = config.settings.debug});

    // No readiness check: this service's own dependency, the bundles, is in memory by now. While
    // the API is down, this page must still get traffic, because it tells people about the outage.
    return host.serve(*application);
}

int check_health() {
    return runtime::healthcheck(read_port());
}

int list_bundles() {
    for (const auto& file : dash::Suites::files(read_config().suites_dir))
        std::cout << file << '\n';
    return 0;
}

}  // namespace app

// The endpoints for operations, the same in every service.
#pragma once

#include <runtime/readiness.hpp>
#include <telemetry/metrics.hpp>
#include <web/router.hpp>

namespace runtime {

/// GET /health   200 {"status":"ok"} as long as the process answers. It never touches a dependency:
///               a restart of this process does not heal a database.
/// GET /ready    200 {"status":"ready","checks":{"database":"ok"}}, or 503 with Retry-After and
///               {"status":"unready","checks":{"database":"<reason>"}}.
/// GET /metrics  the registry, for Prometheus: OpenMetrics 1.0, with exemplars, for those whose
///               Accept names it, else the classic text format.
///
/// `readiness` and `registry` outlive the router.
[[nodiscard]] web::Router probes(Readiness& readiness, telemetry::Registry& registry);

}  // namespace runtime

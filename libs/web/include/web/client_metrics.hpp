// The metrics of outgoing calls.
#pragma once

#include <functional>

#include <web/client.hpp>

namespace telemetry {
class Registry;
}

namespace web {

/// A ClientConfig::on_call, for one client, that counts
/// http_client_requests_total{method,host,status} and observes
/// http_client_request_duration_seconds{method,host}. The status of a call without an answer is
/// "none", of one that the circuit breaker stopped "rejected". The registry outlives the client.
[[nodiscard]] std::function<void(const CallReport&)> client_metrics(telemetry::Registry& registry);

}  // namespace web

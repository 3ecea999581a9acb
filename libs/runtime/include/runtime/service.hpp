// The life cycle of a service, from its first request to an orderly shutdown.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include <runtime/readiness.hpp>
#include <runtime/trace_export.hpp>
#include <runtime/workers.hpp>
#include <web/handler.hpp>
#include <web/server.hpp>

namespace runtime {

struct ServiceConfig {
    web::ServerConfig server;
    /// From "not ready" to the close of the listening socket. Load balancers need a few probes to
    /// notice and send requests until then.
    std::chrono::milliseconds drain_delay{5'000};
    /// For requests in flight when the socket closes; slower ones are dropped. Delay and timeout
    /// together must be shorter than the supervisor's limit (Kubernetes: 30 s).
    std::chrono::milliseconds drain_timeout{20'000};
    /// The destination of spans; nullopt: none are recorded.
    std::optional<TraceExportConfig> traces = std::nullopt;
};

struct ServiceHooks {
    /// The server listens on this port.
    std::function<void(std::uint16_t port)> started;
    /// No request is in flight any more: close pools without waiting for them. The threads run for
    /// a moment longer, so that connections can close properly.
    std::function<void()> drained;
};

/// Serves until SIGTERM or SIGINT. Then it shuts down in this order: /ready answers 503, a delay,
/// the listening socket closes, requests in flight finish, `drained` is called, the threads end,
/// and the last spans are sent (within 2 s). Returns 0, the exit status. No request that was
/// accepted is dropped, unless it takes longer than `drain_timeout`.
///
/// A second signal ends the process immediately with 128 + its number. Ignores SIGPIPE from now on,
/// so a closed connection is an error of that connection and does not end the process. Throws
/// std::system_error when the address cannot be bound.
[[nodiscard]] int run_service(ServiceConfig config, Workers& workers, web::Handler& handler,
                              Readiness& readiness, ServiceHooks hooks = {});

}  // namespace runtime

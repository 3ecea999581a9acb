// The life of a service, from its first request to an orderly end.
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
    /// Between turning unready and closing the door: load balancers need a few probes to notice,
    /// and send requests until then.
    std::chrono::milliseconds drain_delay{5'000};
    /// For requests that are in flight when the door closes; what takes longer is cut off. With
    /// the delay it has to stay below what the supervisor grants (Kubernetes: 30 s).
    std::chrono::milliseconds drain_timeout{20'000};
    /// Where spans go; nullopt: none are recorded.
    std::optional<TraceExportConfig> traces = std::nullopt;
};

struct ServiceHooks {
    /// The server listens on this port.
    std::function<void(std::uint16_t port)> started;
    /// No request is in flight any more: close pools, without waiting for them. The threads run
    /// on for a moment to let connections say goodbye.
    std::function<void()> drained;
};

/// Serves until SIGTERM or SIGINT, then ends in order: /ready says 503, a delay, the listening
/// socket closes, requests in flight finish, `drained` is called, the threads end, and the last
/// spans are sent (within 2 s). Returns 0, the exit status. No request that was accepted is
/// dropped, unless it takes longer than `drain_timeout`.
///
/// A second signal ends the process at once with 128 + its number. Ignores SIGPIPE from then on: a
/// peer that hangs up is an error of its connection, not the end of the process.
/// Throws std::system_error when the address cannot be bound.
[[nodiscard]] int run_service(ServiceConfig config, Workers& workers, web::Handler& handler,
                              Readiness& readiness, ServiceHooks hooks = {});

}  // namespace runtime

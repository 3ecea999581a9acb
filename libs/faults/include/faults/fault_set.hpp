// Faults as clients set and see them: the fault, its route and its duration.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <base/time.hpp>
#include <schema/schema.hpp>

namespace faults {

/// The template of a route, such as /v1/items/{id}; * stands for every one.
using FaultRoute = schema::Constrained<std::string, schema::printable, schema::min_length(1),
                                       schema::max_length(200)>;
using FaultDelay = schema::Constrained<std::int32_t, schema::ge(0), schema::le(60'000)>;

/// Each request waits for fixed_ms and a random part of jitter_ms.
struct LatencyFault {
    schema::Default<FaultDelay, 0> fixed_ms;
    schema::Default<FaultDelay, 0> jitter_ms;
};
BOOST_DESCRIBE_STRUCT(LatencyFault, (), (fixed_ms, jitter_ms))

/// That share of the requests is answered with `status` instead of being served.
struct ErrorFault {
    schema::Constrained<double, schema::ge(0), schema::le(1)> ratio;
    schema::Default<schema::Constrained<std::int32_t, schema::among(429, 500, 503)>, 500> status;
};
BOOST_DESCRIBE_STRUCT(ErrorFault, (), (ratio, status))

/// Each request takes memory that nobody gives back while the fault is set.
struct MemoryLeakFault {
    schema::Constrained<std::int32_t, schema::ge(1), schema::le(1024 * 1024)> bytes_per_request;
    schema::Default<schema::Constrained<std::int32_t, schema::ge(1), schema::le(256 * 1024 * 1024)>,
                    64 * 1024 * 1024>
        max_bytes;
};
BOOST_DESCRIBE_STRUCT(MemoryLeakFault, (), (bytes_per_request, max_bytes))

/// PUT: replaces what was set for that route.
struct FaultSet {
    FaultRoute route;
    schema::Default<schema::Constrained<std::int32_t, schema::ge(1), schema::le(3600)>, 60>
        expires_in_seconds;
    std::optional<LatencyFault> latency;
    std::optional<ErrorFault> error;
    /// The database sleeps before the request is served; below its limit for a statement.
    std::optional<schema::Constrained<std::int32_t, schema::ge(1), schema::le(4000)>> slow_query_ms;
    /// Every connection for transactions of the request's thread is taken.
    schema::Default<bool, false> full_pool;
    std::optional<MemoryLeakFault> memory_leak;
    /// The next request ends the process.
    schema::Default<bool, false> crash;
};
BOOST_DESCRIBE_STRUCT(FaultSet, (),
                      (route, expires_in_seconds, latency, error, slow_query_ms, full_pool,
                       memory_leak, crash))
inline std::string_view example(std::type_identity<FaultSet>) {
    return R"({"route": "/v1/items/{id}", "expires_in_seconds": 120,
               "latency": {"fixed_ms": 300, "jitter_ms": 200},
               "error": {"ratio": 0.1, "status": 503}})";
}
/// True if any fault is set.
[[nodiscard]] bool validate(const FaultSet& faults, const schema::Issues& issues);

struct ActiveFaults {
    std::string route;
    base::Timestamp expires_at;
    std::optional<LatencyFault> latency;
    std::optional<ErrorFault> error;
    std::optional<std::int32_t> slow_query_ms;
    bool full_pool;
    std::optional<MemoryLeakFault> memory_leak;
    std::int64_t leaked_bytes;
    bool crash;
};
BOOST_DESCRIBE_STRUCT(ActiveFaults, (),
                      (route, expires_at, latency, error, slow_query_ms, full_pool, memory_leak,
                       leaked_bytes, crash))

struct FaultList {
    std::vector<ActiveFaults> faults;
};
BOOST_DESCRIBE_STRUCT(FaultList, (), (faults))

}  // namespace faults

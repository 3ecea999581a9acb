// The request that the current code works for: the identity in logs, outgoing calls and queries
// (W3C Trace Context, https://www.w3.org/TR/trace-context/).
#pragma once

#include <array>
#include <cstdint>

namespace base {

/// A request's position in its trace. All zero: no request is being served.
struct TraceContext {
    std::array<std::uint8_t, 16> trace_id{};
    std::array<std::uint8_t, 8> span_id{};
    bool sampled = false;

    [[nodiscard]] bool valid() const noexcept { return trace_id != decltype(trace_id){}; }
    friend bool operator==(const TraceContext&, const TraceContext&) = default;
};

namespace detail {
inline constinit thread_local TraceContext current_context;
}

/// The context of the code that runs on this thread now.
[[nodiscard]] inline const TraceContext& current_context() noexcept {
    return detail::current_context;
}

/// Makes a context current for a scope. In a coroutine the scope may contain `co_await`: many
/// coroutines take turns on one thread, and `use_task` gives each its context back when it resumes.
class [[nodiscard]] ContextScope {
public:
    /// For work that belongs to no request.
    ContextScope() noexcept : ContextScope(TraceContext()) {}
    explicit ContextScope(const TraceContext& context) noexcept
        : previous_(detail::current_context) {
        detail::current_context = context;
    }
    ~ContextScope() { detail::current_context = previous_; }
    ContextScope(const ContextScope&) = delete;
    ContextScope& operator=(const ContextScope&) = delete;

private:
    TraceContext previous_;
};

}  // namespace base

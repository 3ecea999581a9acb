// Which request the code at hand works for: the identity that logs, outgoing calls and queries
// carry (W3C Trace Context, https://www.w3.org/TR/trace-context/).
#pragma once

#include <array>
#include <cstdint>

namespace base {

/// A request's place in its trace. All zero: no request is being served.
struct TraceContext {
    std::array<std::uint8_t, 16> trace_id{};
    std::array<std::uint8_t, 8> span_id{};
    bool sampled = false;

    [[nodiscard]] bool valid() const noexcept { return trace_id != decltype(trace_id){}; }
    friend bool operator==(const TraceContext&, const TraceContext&) = default;
};

namespace detail {
inline thread_local TraceContext current_context;
}

/// The context of the coroutine that runs on this thread now.
[[nodiscard]] inline const TraceContext& current_context() noexcept {
    return detail::current_context;
}

/// Makes a context current for a scope *without a suspension in it*. Coroutines of other requests
/// run on this thread while one is suspended, so whoever resumes a coroutine has to restore its
/// context: every awaitable operation of the toolkit does so with ContextKeeper.
class ContextScope {
public:
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

/// Remembers the current context when made; restore() puts it back after a suspension:
///     ContextKeeper keeper;  co_await something;  keeper.restore();
class ContextKeeper {
public:
    ContextKeeper() noexcept : saved_(detail::current_context) {}
    void restore() const noexcept { detail::current_context = saved_; }

private:
    TraceContext saved_;
};

}  // namespace base

// One object for each worker thread, so that no thread needs a lock.
#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace boost::asio {
class io_context;
}

namespace base {
namespace detail {

/// Whether the calling thread is within run() of this io_context.
[[nodiscard]] bool runs_here(boost::asio::io_context& context) noexcept;

/// The index of the io_context that this thread ran at its last look-up. It is a guess and is
/// checked: every PerThread lists the same io_contexts in the same order.
inline constinit thread_local std::size_t likely_part = 0;

}  // namespace detail

/// One T for each io_context, each of which is run by one thread. A look-up takes no lock and some
/// nanoseconds. Threads may look up their parts at the same time. If parts share anything else, T
/// must protect it.
template <class T>
class PerThread {
public:
    /// Creates the T of each io_context with `make(boost::asio::io_context&)`, in this order. T
    /// need not be movable. The io_contexts must outlive this object.
    template <class Make>
        requires std::is_invocable_r_v<T, Make&, boost::asio::io_context&>
    PerThread(std::span<boost::asio::io_context* const> contexts, Make make) {
        for (auto* context : contexts)
            parts_.emplace_back(*context, make);
    }
    PerThread(const PerThread&) = delete;
    PerThread& operator=(const PerThread&) = delete;

    /// The calling thread's T. Throws std::logic_error on a thread that runs none of the
    /// io_contexts.
    template <class Self>
    [[nodiscard]] auto& here(this Self& self) {
        const auto likely = detail::likely_part;
        if (likely < self.parts_.size() && detail::runs_here(self.parts_[likely].context)) {
            return self.parts_[likely].value;
        }
        return self.find();
    }

    /// Calls a function for all of them, for instance to stop them: for_each([](asio::io_context&
    /// context, T& part)). It runs on the calling thread; use asio::post(context, ...) to reach the
    /// part's own thread.
    template <class Self, class Visit>
    void for_each(this Self& self, Visit visit) {
        for (auto& part : self.parts_)
            visit(part.context, part.value);
    }

    [[nodiscard]] std::size_t size() const noexcept { return parts_.size(); }

private:
    // On its own cache lines, so a thread that changes its part does not slow down others.
    struct alignas(64) Part {
        template <class Make>
        Part(boost::asio::io_context& its_context, Make& make)
            : context(its_context), value(make(its_context)) {}

        boost::asio::io_context& context;
        T value;
    };

    template <class Self>
    [[nodiscard]] auto& find(this Self& self) {
        for (std::size_t i = 0; i < self.parts_.size(); ++i) {
            if (!detail::runs_here(self.parts_[i].context)) continue;
            detail::likely_part = i;
            return self.parts_[i].value;
        }
        throw std::logic_error(
            "called on a thread that runs none of the io_contexts it was made for");
    }

    std::deque<Part> parts_;
};

}  // namespace base

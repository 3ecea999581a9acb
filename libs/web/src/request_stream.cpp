#include "request_stream.hpp"

#include <exception>
#include <utility>

#include <telemetry/log.hpp>

namespace web {

RequestStream::RequestStream(std::shared_ptr<BodyStream> inner, std::string route,
                             telemetry::Gauge* active)
    : inner_(std::move(inner)), route_(std::move(route)), active_(active) {
    if (active_ != nullptr) active_->inc();
}

RequestStream::~RequestStream() {
    if (active_ != nullptr) active_->dec();
    const base::ContextScope scope(context_);
    const std::chrono::duration<double, std::milli> duration =
        std::chrono::steady_clock::now() - start_;
    telemetry::log::info("stream ended", {{"route", route_},
                                          {"complete", complete_},
                                          {"duration_ms", duration.count()},
                                          {"bytes", bytes_}});
}

base::Task<std::optional<std::string>> RequestStream::next() {
    base::detail::current_context = context_;
    std::optional<std::string> piece;
    std::exception_ptr failure;
    try {
        piece = co_await inner_->next();
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure) {
        base::detail::current_context = context_;
        std::rethrow_exception(failure);
    }
    base::detail::current_context = {};
    if (piece) bytes_ += piece->size();
    complete_ = !piece;
    co_return piece;
}

void RequestStream::stop() noexcept {
    inner_->stop();
}

}  // namespace web

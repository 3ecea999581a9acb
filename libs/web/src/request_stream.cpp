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

void RequestStream::log_failure(std::string_view error) const {
    telemetry::log::error("response stream failed", {{"route", route_}, {"error", error}});
}

base::Task<std::optional<std::string>> RequestStream::next() {
    const base::ContextScope scope(context_);
    try {
        auto piece = co_await inner_->next();
        if (piece) bytes_ += piece->size();
        complete_ = !piece;
        co_return piece;
    } catch (const std::exception& error) {
        log_failure(error.what());
        throw;
    } catch (...) {
        log_failure("exception that is no std::exception");
        throw;
    }
}

void RequestStream::stop() noexcept {
    inner_->stop();
}

}  // namespace web

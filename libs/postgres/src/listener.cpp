#include <deque>
#include <stdexcept>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <base/errors.hpp>
#include <base/spawn.hpp>
#include <base/use_task.hpp>
#include <postgres/listener.hpp>
#include <postgres/result.hpp>

#include "backoff.hpp"
#include "establish.hpp"
#include "life_log.hpp"

namespace asio = boost::asio;

namespace postgres {
namespace {

void check(const ListenerConfig& config) {
    const Conninfo parsed(config.url, config.application_name);
    if (config.channels.empty()) throw base::ConfigError("a listener needs a channel");
    for (const std::string& channel : config.channels) {
        // PostgreSQL would cut a longer name, and refuse to notify it.
        constexpr std::size_t kLongest = 63;
        if (channel.empty() || channel.size() > kLongest ||
            channel.find('\0') != std::string::npos) {
            throw base::ConfigError(
                fmt::format("a channel's name has 1 to {} bytes and no NUL", kLongest));
        }
    }
    if (config.connect_timeout.count() <= 0 || config.ping_interval.count() <= 0 ||
        config.max_buffered == 0) {
        throw base::ConfigError("the limits of a listener must be positive");
    }
}

}  // namespace

/// Shared by the Listener and its coroutines; used on the io_context only.
class Listener::Session : public std::enable_shared_from_this<Session> {
public:
    Session(ListenerConfig config, asio::io_context& context)
        : config_(std::move(config)), context_(context), timer_(context), wake_(context) {}
    ~Session() { release(socket_); }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    [[nodiscard]] asio::io_context& context() const noexcept { return context_; }
    [[nodiscard]] base::Task<> run();
    [[nodiscard]] base::Task<std::optional<ListenerEvent>> next();
    void stop();

private:
    [[nodiscard]] base::Task<std::string> connect_and_serve();
    [[nodiscard]] base::Task<std::string> serve();
    [[nodiscard]] std::string listen();
    [[nodiscard]] std::string take_answer();
    void take_notifications();
    void push(ListenerEvent event);
    // Cancels the wait for the socket after a time.
    void limit_wait(std::chrono::milliseconds duration);
    void cancel_wait();

    const ListenerConfig config_;
    asio::io_context& context_;
    bool stopped_ = false;

    std::unique_ptr<Wire> wire_;
    std::optional<Descriptor> socket_;
    asio::steady_timer timer_;
    bool expired_ = false;
    bool listening_ = false;  // the server has confirmed it
    bool asked_ = false;      // LISTEN or a ping is not answered yet
    Backoff backoff_;

    std::deque<ListenerEvent> events_;
    asio::steady_timer wake_;  // cancelled when next() has something to look at
    bool awaited_ = false;
};

base::Task<> Listener::Session::run() {
    const auto self = shared_from_this();
    std::string last_failure;
    while (!stopped_) {
        std::string failure = co_await connect_and_serve();
        release(socket_);
        wire_.reset();
        if (stopped_) break;
        if (std::exchange(listening_, false)) {
            log_life(telemetry::log::Level::kWarn, "listener lost its connection", failure);
            last_failure.clear();
        } else if (failure != last_failure) {
            // Once per cause: an outage is one line, not one a second.
            log_life(telemetry::log::Level::kWarn, "listener cannot connect", failure);
            last_failure = std::move(failure);
        }
        timer_.expires_after(backoff_.next());
        co_await timer_.async_wait(base::use_task);
    }
}

void Listener::Session::limit_wait(std::chrono::milliseconds duration) {
    expired_ = false;
    timer_.expires_after(duration);
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
        const auto self = weak.lock();
        if (error || !self || self->timer_.expiry() > asio::steady_timer::clock_type::now()) return;
        self->expired_ = true;
        self->cancel_wait();
    });
}

void Listener::Session::cancel_wait() {
    if (socket_ && socket_->is_open()) socket_->cancel();
}

base::Task<std::string> Listener::Session::connect_and_serve() {
    limit_wait(config_.connect_timeout);
    wire_ = std::make_unique<Wire>(Conninfo(config_.url, config_.application_name));
    const std::string failure =
        co_await establish(context_, *wire_, socket_, [this]() -> std::string {
            if (stopped_) return "the listener was stopped";
            return expired_ ? "no connection within the connect timeout" : "";
        });
    if (!failure.empty()) co_return failure;
    co_return co_await serve();
}

base::Task<std::string> Listener::Session::serve() {
    std::string failure = listen();
    while (failure.empty()) {
        limit_wait(asked_ ? config_.connect_timeout : config_.ping_interval);
        const auto [error] = co_await socket_->async_wait(Descriptor::wait_read, base::use_task);
        if (stopped_) co_return "the listener was stopped";
        if (error && !expired_) co_return error.message();
        if (error) {
            if (asked_) co_return "PostgreSQL has stopped answering";
            asked_ = true;
            if (!wire_->send_simple("select 1")) co_return wire_->error();
            continue;
        }
        const bool open = wire_->consume();
        failure = take_answer();
        take_notifications();
        if (!open && failure.empty()) failure = wire_->error();
    }
    co_return failure;
}

std::string Listener::Session::listen() {
    std::string sql;
    for (const std::string& channel : config_.channels) {
        const std::string quoted = wire_->quoted_identifier(channel);
        if (quoted.empty()) return wire_->error();
        sql += fmt::format("listen {};", quoted);
    }
    asked_ = true;
    return wire_->send_simple(sql) ? std::string() : wire_->error();
}

std::string Listener::Session::take_answer() {
    while (asked_ && wire_->has_result()) {
        PGresult* const raw = wire_->next();
        const Result owner(raw);
        if (PQresultStatus(raw) == PGRES_FATAL_ERROR && raw != nullptr) return wire_->error();
        if (raw != nullptr) continue;
        asked_ = false;
        if (!std::exchange(listening_, true)) {
            log_life(telemetry::log::Level::kInfo, "listener connected", {});
            backoff_.reset();
            push({.kind = ListenerEvent::Kind::kGap});
        }
    }
    return {};
}

void Listener::Session::take_notifications() {
    while (const auto notification = wire_->notification()) {
        push({.channel = notification->relname, .payload = notification->extra});
    }
}

void Listener::Session::push(ListenerEvent event) {
    if (event.kind == ListenerEvent::Kind::kGap) {
        events_.clear();  // reading the tables covers these too
    } else if (events_.size() >= config_.max_buffered) {
        return push({.kind = ListenerEvent::Kind::kGap});
    }
    events_.push_back(std::move(event));
    wake_.cancel();
}

base::Task<std::optional<ListenerEvent>> Listener::Session::next() {
    const auto self = shared_from_this();
    if (awaited_) throw std::logic_error("next() is awaited already");
    awaited_ = true;
    const std::unique_ptr<bool, void (*)(bool*)> reset(&awaited_,
                                                       [](bool* flag) { *flag = false; });
    while (events_.empty() && !stopped_) {
        wake_.expires_at(asio::steady_timer::time_point::max());
        const auto [woken] = co_await wake_.async_wait(base::use_task);
        // The caller's cancellation looks the same as being woken, but leaves nothing to look at.
        if (events_.empty() && !stopped_) throw boost::system::system_error(woken);
    }
    if (stopped_) co_return std::nullopt;
    ListenerEvent event = std::move(events_.front());
    events_.pop_front();
    co_return event;
}

void Listener::Session::stop() {
    stopped_ = true;
    timer_.cancel();
    wake_.cancel();
    cancel_wait();
}

Listener::Listener(ListenerConfig config, asio::io_context& context) {
    check(config);
    session_ = std::make_shared<Session>(std::move(config), context);
}

Listener::~Listener() {
    stop();
}

void Listener::start() {
    base::spawn(session_->context(), session_->run());
}

void Listener::stop() {
    asio::post(session_->context(), [session = session_] { session->stop(); });
}

base::Task<std::optional<ListenerEvent>> Listener::next() {
    const auto session = session_;
    if (!session->context().get_executor().running_in_this_thread()) {
        throw std::logic_error("next() has to run on its listener's io_context");
    }
    co_return co_await session->next();
}

}  // namespace postgres

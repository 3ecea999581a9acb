#include "copy_session.hpp"

#include <fmt/format.h>

#include <base/use_task.hpp>
#include <postgres/errors.hpp>

#include "answer.hpp"

namespace asio = boost::asio;

namespace postgres {

CopySession::CopySession(asio::io_context& context, std::shared_ptr<const PoolConfig> config,
                         std::shared_ptr<ExclusiveConnections> home, std::string name)
    : context_(context),
      config_(std::move(config)),
      home_(std::move(home)),
      name_(std::move(name)),
      outcome_(Outcome::kUnknown),
      timer_(context) {}

// Whatever is cut off in a transaction leaves nothing behind.
CopySession::CopySession(std::shared_ptr<Connection> lender, std::string name)
    : lender_(std::move(lender)),
      context_(lender_->context()),
      config_(lender_->config()),
      name_(std::move(name)),
      outcome_(Outcome::kNotDone),
      timer_(context_) {}

CopySession::~CopySession() {
    release(socket_);
    wire_.reset();
    if (has_slot_) home_->release(nullptr, false);
}

void CopySession::cancel_after(std::chrono::milliseconds duration) {
    expired_ = false;
    timer_.expires_after(duration);
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
        const auto self = weak.lock();
        if (error || !self || self->timer_.expiry() > asio::steady_timer::clock_type::now()) return;
        self->expired_ = true;
        if (self->lender_) {
            if (self->lender_->connected()) self->lender_->socket().cancel();
        } else if (self->socket_ && self->socket_->is_open()) {
            self->socket_->cancel();
        }
    });
}

base::Task<> CopySession::connect() {
    co_await home_->acquire_slot();
    has_slot_ = true;
    wire_ = std::make_unique<Wire>(Conninfo(config_->url, config_->application_name));
    cancel_after(config_->connect_timeout);
    const std::string failure =
        co_await establish(context_, *wire_, socket_, [this]() -> std::string {
            return expired_ ? "no connection within the connect timeout" : "";
        });
    if (!failure.empty()) throw ConnectionLost(failure, Outcome::kNotDone);
}

base::Task<> CopySession::begin(std::string sql, ExecStatusType expected) {
    const auto self = shared_from_this();
    if (lender_) {
        lender_->lend();
    } else {
        co_await connect();
    }
    if (!wire().send_simple(sql) || !wire().stop_blocking()) throw lost(wire().error());
    co_await flush();
    co_await wait_for_result();
    PGresult* const raw = wire().next();
    if (PQresultStatus(raw) == expected && raw != nullptr) {
        PQclear(raw);
        co_return;
    }
    Answer answer;
    if (raw != nullptr) static_cast<void>(answer.take(raw, name_));
    if (answer.failure) std::rethrow_exception(answer.failure);
    throw std::logic_error(fmt::format("{} is not a COPY in this direction", name_));
}

Wire& CopySession::wire() const {
    if (!lender_) return *wire_;
    if (!lender_->connected()) throw lost("the connection was lost during a COPY");
    return lender_->wire();
}

base::Task<> CopySession::wait(Descriptor::wait_type readiness) {
    cancel_after(config_->query_timeout);
    auto& socket = lender_ ? lender_->socket() : *socket_;
    const auto [error] = co_await socket.async_wait(readiness, base::use_task);
    timer_.cancel();
    if (!error) co_return;
    if (expired_) {
        throw QueryTimeout(
            fmt::format("{}: no progress within {} ms", name_, config_->query_timeout.count()),
            outcome_);
    }
    static_cast<void>(wire());  // throws if that is why
    throw boost::system::system_error(error);
}

base::Task<> CopySession::flush() {
    // While libpq cannot write it reads, so neither side waits for the other.
    while (true) {
        const auto state = wire().flush();
        if (state == Wire::Flush::kDone) co_return;
        if (state == Wire::Flush::kFailed) throw lost(wire().error());
        co_await wait(Descriptor::wait_write);
    }
}

base::Task<> CopySession::send(std::string_view bytes) {
    const auto self = shared_from_this();
    while (true) {
        const int accepted = wire().copy_data(bytes);
        if (accepted > 0) break;
        if (accepted < 0) {
            // PostgreSQL has ended the COPY, and says why.
            static_cast<void>(co_await result());
            throw lost(wire().error());
        }
        co_await wait(Descriptor::wait_write);
    }
    co_await flush();
}

base::Task<std::int64_t> CopySession::finish() {
    const auto self = shared_from_this();
    while (true) {
        const int accepted = wire().copy_end();
        if (accepted > 0) break;
        if (accepted < 0) break;  // the result says why
        co_await wait(Descriptor::wait_write);
    }
    co_await flush();
    const Result done = co_await result();
    if (lender_) {
        co_await wait_for_result();
        if (PGresult* const more = wire().next()) {
            PQclear(more);
            throw std::logic_error(fmt::format("{} is more than one statement", name_));
        }
        lender_->take_back();
    }
    co_return done.affected();
}

base::Task<std::string> CopySession::receive(std::size_t size) {
    const auto self = shared_from_this();
    std::string chunk;
    while (!ended_ && chunk.size() < size) {
        char* row = nullptr;
        const int length = wire().copied(&row);
        const std::unique_ptr<char, void (*)(void*)> owner(row, &PQfreemem);
        if (length > 0) {
            chunk.append(row, static_cast<std::size_t>(length));
        } else if (length < 0) {
            static_cast<void>(co_await result());
            ended_ = true;
        } else if (!chunk.empty()) {
            break;
        } else {
            co_await wait(Descriptor::wait_read);
            if (!wire().consume()) throw lost(wire().error());
        }
    }
    co_return chunk;
}

base::Task<> CopySession::wait_for_result() {
    while (!wire().has_result()) {
        co_await wait(Descriptor::wait_read);
        if (!wire().consume()) break;
    }
}

base::Task<Result> CopySession::result() {
    co_await wait_for_result();
    PGresult* const raw = wire().next();
    if (raw == nullptr) throw lost(wire().error());
    Answer answer;
    static_cast<void>(answer.take(raw, name_));
    if (answer.failure) std::rethrow_exception(answer.failure);
    co_return std::move(answer.result);
}

}  // namespace postgres

#include <fmt/format.h>

#include <base/use_task.hpp>
#include <postgres/copy.hpp>
#include <postgres/errors.hpp>

#include "answer.hpp"
#include "copy_session.hpp"

namespace asio = boost::asio;

namespace postgres {

void detail::escape_copied(std::string& out, std::size_t start) {
    const auto special = out.find_first_of("\\\n\r\t", start);
    if (special == std::string::npos) return;
    const std::string text = out.substr(special);
    out.resize(special);
    for (const char c : text) {
        if (c == '\\' || c == '\n' || c == '\r' || c == '\t') out += '\\';
        out += c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : c;
    }
}

base::Task<> CopyIn::write_raw(std::string_view bytes) {
    co_await flush();
    while (!bytes.empty()) {
        const auto part = bytes.substr(0, kBuffer);
        co_await session_->send(part);
        bytes.remove_prefix(part.size());
    }
}

base::Task<> CopyIn::flush() {
    if (buffer_.empty()) co_return;
    co_await session_->send(buffer_);
    buffer_.clear();
}

base::Task<std::int64_t> CopyIn::finish() {
    co_await flush();
    co_return co_await session_->finish();
}

base::Task<std::optional<std::string>> CopyOut::next() {
    constexpr std::size_t kChunk = 65536;
    std::string chunk = co_await session_->receive(kChunk);
    if (chunk.empty()) co_return std::nullopt;
    co_return chunk;
}

CopySession::CopySession(asio::io_context& context, std::shared_ptr<const PoolConfig> config,
                         std::shared_ptr<ExclusiveConnections> home, std::string name)
    : context_(context),
      config_(std::move(config)),
      home_(std::move(home)),
      name_(std::move(name)),
      timer_(context) {}

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
        if (self->socket_ && self->socket_->is_open()) self->socket_->cancel();
    });
}

base::Task<> CopySession::begin(std::string sql, ExecStatusType expected) {
    const auto self = shared_from_this();
    co_await home_->acquire_slot();
    has_slot_ = true;
    wire_ = std::make_unique<Wire>(Conninfo(config_->url, config_->application_name));
    cancel_after(config_->connect_timeout);
    const std::string failure =
        co_await establish(context_, *wire_, socket_, [this]() -> std::string {
            return expired_ ? "no connection within the connect timeout" : "";
        });
    if (!failure.empty()) throw ConnectionLost(failure, Outcome::kNotDone);
    if (!wire_->send_simple(sql) || !wire_->stop_blocking()) {
        throw ConnectionLost(wire_->error(), Outcome::kUnknown);
    }
    while (!wire_->has_result()) {
        co_await wait(Descriptor::wait_read);
        if (!wire_->consume()) break;
    }
    PGresult* const raw = wire_->next();
    if (PQresultStatus(raw) == expected && raw != nullptr) {
        PQclear(raw);
        co_return;
    }
    Answer answer;
    if (raw != nullptr) static_cast<void>(answer.take(raw, name_));
    if (answer.failure) std::rethrow_exception(answer.failure);
    throw std::logic_error(fmt::format("{} is not the COPY that it should be", name_));
}

base::Task<> CopySession::wait(Descriptor::wait_type readiness) {
    cancel_after(config_->query_timeout);
    const auto [error] = co_await socket_->async_wait(readiness, base::use_task);
    timer_.cancel();
    if (!error) co_return;
    if (!expired_) throw boost::system::system_error(error);
    throw QueryTimeout(
        fmt::format("{}: no progress within {} ms", name_, config_->query_timeout.count()),
        Outcome::kUnknown);
}

base::Task<> CopySession::flush() {
    // While libpq cannot write it reads, so neither side waits for the other.
    while (true) {
        const auto state = wire_->flush();
        if (state == Wire::Flush::kDone) co_return;
        if (state == Wire::Flush::kFailed) throw ConnectionLost(wire_->error(), Outcome::kUnknown);
        co_await wait(Descriptor::wait_write);
    }
}

base::Task<> CopySession::send(std::string_view bytes) {
    const auto self = shared_from_this();
    while (true) {
        const int accepted = wire_->copy_data(bytes);
        if (accepted > 0) break;
        if (accepted < 0) {
            // PostgreSQL has ended the COPY, and says why.
            static_cast<void>(co_await result());
            throw ConnectionLost(wire_->error(), Outcome::kUnknown);
        }
        co_await wait(Descriptor::wait_write);
    }
    co_await flush();
}

base::Task<std::int64_t> CopySession::finish() {
    const auto self = shared_from_this();
    while (true) {
        const int accepted = wire_->copy_end();
        if (accepted > 0) break;
        if (accepted < 0) break;  // the result says why
        co_await wait(Descriptor::wait_write);
    }
    co_await flush();
    const Result done = co_await result();
    co_return done.affected();
}

base::Task<std::string> CopySession::receive(std::size_t size) {
    const auto self = shared_from_this();
    std::string chunk;
    while (!ended_ && chunk.size() < size) {
        char* row = nullptr;
        const int length = wire_->copied(&row);
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
            if (!wire_->consume()) throw ConnectionLost(wire_->error(), Outcome::kUnknown);
        }
    }
    co_return chunk;
}

base::Task<Result> CopySession::result() {
    while (!wire_->has_result()) {
        co_await wait(Descriptor::wait_read);
        if (!wire_->consume()) break;
    }
    PGresult* const raw = wire_->next();
    if (raw == nullptr) throw ConnectionLost(wire_->error(), Outcome::kUnknown);
    Answer answer;
    static_cast<void>(answer.take(raw, name_));
    if (answer.failure) std::rethrow_exception(answer.failure);
    co_return std::move(answer.result);
}

}  // namespace postgres

#include "wire.hpp"

#include <stdexcept>

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <base/utf8.hpp>
#include <telemetry/log.hpp>

namespace postgres {
namespace {

std::string_view without_line_end(std::string_view text) {
    return base::utf8::trim(text);
}

}  // namespace

void log_notice(void*, const char* message) {
    telemetry::log::debug("postgresql notice", {{"notice", without_line_end(message)}});
}

void Prepared::renew() {
    state = State::kNew;
    ++generation;
}

Wire::Wire(const Conninfo& conninfo) : connection_(conninfo.start()) {
    PQsetNoticeProcessor(connection_.get(), &log_notice, nullptr);
}

bool Wire::enter_pipeline() {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    tcp_ = getsockname(socket(), reinterpret_cast<sockaddr*>(&address), &length) == 0 &&
           (address.ss_family == AF_INET || address.ss_family == AF_INET6);
    return PQsetnonblocking(connection_.get(), 1) == 0 &&
           PQenterPipelineMode(connection_.get()) == 1;
}

std::string Wire::error() const {
    return std::string(without_line_end(PQerrorMessage(connection_.get())));
}

std::string Wire::quoted_identifier(std::string_view name) const {
    const std::unique_ptr<char, void (*)(void*)> quoted(
        PQescapeIdentifier(connection_.get(), name.data(), name.size()), &PQfreemem);
    return quoted ? std::string(quoted.get()) : std::string();
}

Prepared& Wire::find(const Statement& statement) {
    const auto found = prepared_.find(statement.name);
    if (found == prepared_.end()) {
        Prepared& fresh = prepared_[std::string(statement.name)];
        fresh.sql = statement.sql;
        return fresh;
    }
    if (found->second.sql != statement.sql) {
        throw std::logic_error(fmt::format("two statements share the name {}", statement.name));
    }
    return found->second;
}

Wire::Sent Wire::send(const Statement& statement, const Params& params) {
    PGconn* const connection = connection_.get();
    values_.clear();
    for (std::size_t i = 0; i < params.size(); ++i)
        values_.push_back(params.value(i));
    const int count = static_cast<int>(values_.size());

    Sent sent;
    if (!statement.name.empty()) {
        sent.prepared = &find(statement);
        if (sent.prepared->state == Prepared::State::kNew) {
            sent.prepared->server_name =
                sent.prepared->generation == 0
                    ? std::string(statement.name)
                    : fmt::format("{}~{}", statement.name, sent.prepared->generation);
            if (PQsendPrepare(connection, sent.prepared->server_name.c_str(),
                              sent.prepared->sql.c_str(), 0, nullptr) != 1) {
                return sent;
            }
            sent.started = sent.preparing = true;
        }
    }
    int accepted = 0;
    if (sent.preparing ||
        (sent.prepared != nullptr && sent.prepared->state == Prepared::State::kReady)) {
        accepted = PQsendQueryPrepared(connection, sent.prepared->server_name.c_str(), count,
                                       values_.data(), nullptr, nullptr, 0);
    } else {
        // While another request's Parse of this statement is in flight, this request does not rely
        // on it, so that it fails only for its own reasons.
        accepted = PQsendQueryParams(connection, std::string(statement.sql).c_str(), count, nullptr,
                                     values_.data(), nullptr, nullptr, 0);
    }
    if (accepted != 1) return sent;
    sent.started = true;
#ifdef LIBPQ_HAS_SEND_PIPELINE_SYNC  // libpq 17: does not write yet
    sent.complete = PQsendPipelineSync(connection) == 1;
#else
    sent.complete = PQpipelineSync(connection) == 1;
#endif
    if (sent.preparing) sent.prepared->state = Prepared::State::kPreparing;
    return sent;
}

Wire::Cork::Cork([[maybe_unused]] Wire& wire) {
#ifndef LIBPQ_HAS_SEND_PIPELINE_SYNC
    if (!wire.tcp_) return;
    socket_ = wire.socket();
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_CORK, &on, sizeof on);
#endif
}

Wire::Cork::~Cork() {
    if (socket_ < 0) return;
    const int off = 0;
    setsockopt(socket_, IPPROTO_TCP, TCP_CORK, &off, sizeof off);
}

Wire::Flush Wire::flush() {
    switch (PQflush(connection_.get())) {
        case 0:
            return Flush::kDone;
        case 1:
            return Flush::kPending;
        default:
            return Flush::kFailed;
    }
}

bool Wire::consume() {
    if (PQconsumeInput(connection_.get()) != 1) return false;
    // Data that OpenSSL has already decrypted does not make the socket readable again.
    if (auto* ssl = static_cast<SSL*>(PQgetssl(connection_.get()))) {
        while (SSL_pending(ssl) > 0) {
            if (PQconsumeInput(connection_.get()) != 1) return false;
        }
    }
    return true;
}

}  // namespace postgres

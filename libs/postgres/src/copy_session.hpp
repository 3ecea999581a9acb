// One COPY on one connection.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <base/task.hpp>
#include <postgres/pool.hpp>
#include <postgres/result.hpp>

#include "connection.hpp"
#include "establish.hpp"
#include "exclusive.hpp"
#include "wire.hpp"

namespace postgres {

/// libpq has no COPY in pipeline mode, so a transaction's connection leaves that mode for it. A
/// COPY out of the database, which a slow reader may stretch, has a connection of its own, without
/// the session's time limits. A COPY that is given up ends with its connection only. On one
/// io_context.
class CopySession : public std::enable_shared_from_this<CopySession> {
public:
    /// Takes one of the slots for transactions, and a new connection.
    CopySession(boost::asio::io_context& context, std::shared_ptr<const PoolConfig> config,
                std::shared_ptr<ExclusiveConnections> home, std::string name);
    /// Borrows the connection of a transaction, and gives it back in finish().
    CopySession(std::shared_ptr<Connection> lender, std::string name);
    ~CopySession();
    CopySession(const CopySession&) = delete;
    CopySession& operator=(const CopySession&) = delete;

    /// Sends the statement, which has to be a COPY in the direction `expected`. Waits for a slot
    /// and connects before, where the connection is not a borrowed one.
    [[nodiscard]] base::Task<> begin(std::string sql, ExecStatusType expected);
    /// Returns when libpq has passed the bytes on.
    [[nodiscard]] base::Task<> send(std::string_view bytes);
    /// Ends COPY FROM. Returns the number of rows.
    [[nodiscard]] base::Task<std::int64_t> finish();
    /// Whole rows of about `size` bytes; empty at the end.
    [[nodiscard]] base::Task<std::string> receive(std::size_t size);

private:
    [[nodiscard]] base::Task<> connect();
    // Throws QueryTimeout when the socket does not become ready.
    [[nodiscard]] base::Task<> wait(Descriptor::wait_type readiness);
    [[nodiscard]] base::Task<> flush();
    [[nodiscard]] base::Task<> wait_for_result();
    // The next result; throws the failure that it reports.
    [[nodiscard]] base::Task<Result> result();
    void cancel_after(std::chrono::milliseconds duration);

    // Throws ConnectionLost when the lender has lost it.
    [[nodiscard]] Wire& wire() const;
    [[nodiscard]] ConnectionLost lost(const std::string& reason) const {
        return {reason, outcome_};
    }

    std::shared_ptr<Connection> lender_;  // nullptr: the connection is our own
    boost::asio::io_context& context_;
    std::shared_ptr<const PoolConfig> config_;
    std::shared_ptr<ExclusiveConnections> home_;
    std::string name_;
    Outcome outcome_;  // of what is cut off
    std::unique_ptr<Wire> wire_;
    std::optional<Descriptor> socket_;
    boost::asio::steady_timer timer_;
    bool expired_ = false;
    bool has_slot_ = false;
    bool ended_ = false;
};

}  // namespace postgres

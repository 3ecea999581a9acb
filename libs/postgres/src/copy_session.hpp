// A connection that does one COPY.
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

#include "establish.hpp"
#include "exclusive.hpp"
#include "wire.hpp"

namespace postgres {

/// It takes one of the slots for transactions, but a new connection: libpq has no COPY in pipeline
/// mode, and a COPY that is given up cannot be undone other than by closing. On one io_context.
class CopySession : public std::enable_shared_from_this<CopySession> {
public:
    CopySession(boost::asio::io_context& context, std::shared_ptr<const PoolConfig> config,
                std::shared_ptr<ExclusiveConnections> home, std::string name);
    ~CopySession();
    CopySession(const CopySession&) = delete;
    CopySession& operator=(const CopySession&) = delete;

    /// Waits for a slot, connects and sends the statement, which has to be a COPY in the direction
    /// `expected`.
    [[nodiscard]] base::Task<> begin(std::string sql, ExecStatusType expected);
    /// Returns when libpq has passed the bytes on.
    [[nodiscard]] base::Task<> send(std::string_view bytes);
    /// Ends COPY FROM. Returns the number of rows.
    [[nodiscard]] base::Task<std::int64_t> finish();
    /// Whole rows of about `size` bytes; empty at the end.
    [[nodiscard]] base::Task<std::string> receive(std::size_t size);

private:
    // Throws QueryTimeout when the socket does not become ready.
    [[nodiscard]] base::Task<> wait(Descriptor::wait_type readiness);
    [[nodiscard]] base::Task<> flush();
    // The next result; throws the failure that it reports.
    [[nodiscard]] base::Task<Result> result();
    void cancel_after(std::chrono::milliseconds duration);

    boost::asio::io_context& context_;
    std::shared_ptr<const PoolConfig> config_;
    std::shared_ptr<ExclusiveConnections> home_;
    std::string name_;
    std::unique_ptr<Wire> wire_;
    std::optional<Descriptor> socket_;
    boost::asio::steady_timer timer_;
    bool expired_ = false;
    bool has_slot_ = false;
    bool ended_ = false;
};

}  // namespace postgres

// The service's door to PostgreSQL: few connections, shared by all requests of a thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <base/per_thread.hpp>
#include <base/task.hpp>
#include <postgres/copy.hpp>
#include <postgres/query_runner.hpp>
#include <postgres/transaction.hpp>

namespace postgres {

/// One query that has ended. The views are valid during the call.
struct QueryEvent {
    /// Its text holds no values, those are parameters: it is safe to show (the semantic
    /// conventions' db.query.text).
    Statement statement;
    std::chrono::system_clock::time_point started;
    std::chrono::nanoseconds duration;  ///< waiting included
    bool ok = false;
    /// Of a QueryError; empty for a success and for the kinds of base::Unavailable.
    std::string_view sqlstate{};
};

struct PoolConfig {
    /// "postgresql://user:password@host:port/database?sslmode=..." or "key=value ..." (libpq's
    /// connection strings). libpq looks host names up while it blocks the thread, on each attempt
    /// to connect: where DNS is slow, give `hostaddr` too, or a numeric address. The driver that
    /// URLs of SQLAlchemy name, as in postgresql+asyncpg://, is ignored.
    std::string url;
    /// Shown in pg_stat_activity.
    std::string application_name = "postgres-pool";

    /// Shared, pipelined connections per io_context for reads (Statement::reads()). One is enough
    /// for all queries of a thread; a second one prevents that short queries wait behind long ones.
    std::size_t connections_per_thread = 1;
    /// The same for all other statements, so that reads never wait behind writes.
    std::size_t write_connections_per_thread = 1;
    /// Queries that one connection has accepted and not answered; the next gets QueueFull.
    std::size_t max_queue = 1000;
    /// Of these, how many may be on their way to the server at once; the others are certainly not
    /// executed yet, and survive a reconnection.
    std::size_t max_in_flight = 256;
    /// Connections for transactions per io_context, opened when needed and kept.
    std::size_t max_transactions_per_thread = 3;

    std::chrono::milliseconds connect_timeout{3000};
    /// From the call to the answer, waiting included. Longer than statement_timeout.
    std::chrono::milliseconds query_timeout{10000};
    /// Execution on the server, per statement; 0: unlimited.
    std::chrono::milliseconds statement_timeout{5000};
    /// How long a statement may wait for a lock on a shared connection, where those behind it wait
    /// as long; 0: unlimited. Transactions hold nobody up, and have statement_timeout alone.
    std::chrono::milliseconds lock_timeout{500};
    /// How long a transaction may sit between two statements before the server ends it.
    std::chrono::milliseconds idle_transaction_timeout{10000};

    /// Called after each query on the thread that ran it, while base::current_context() is that of
    /// the caller; for metrics and spans. It must not throw.
    std::function<void(const QueryEvent& event)> on_query = {};
};

/// A snapshot for metrics; cheap, from any thread.
struct PoolStats {
    std::size_t connected = 0;          ///< shared connections that work
    std::size_t connecting = 0;         ///< shared connections that are away
    std::size_t transactions_busy = 0;  ///< exclusive connections in a transaction
    std::size_t transactions_idle = 0;  ///< exclusive connections waiting for one
    std::size_t queries_in_flight = 0;  ///< sent, not answered
    std::size_t queries_waiting = 0;    ///< accepted, not sent
    /// Part of PoolConfig::max_queue that is taken on the fullest connection, from 0 to 1. A sum
    /// would hide it: a connection that is full refuses queries, whatever the others have room for.
    double queue_utilisation = 0;
    std::size_t transactions_waiting = 0;  ///< waiting for an exclusive connection
};

/// Runs each query on a connection of the caller's own io_context, so it takes no lock and crosses
/// no thread. Queries share the connection through libpq's pipeline mode. A sync point follows each
/// query, so it is its own transaction and its failure does not affect others.
///
/// A connection that breaks is re-established with jittered exponential back-off of at most one
/// second. Queries in flight fail with ConnectionLost (outcome kUnknown: never retried
/// automatically). Queries that were not sent yet wait for the first attempt to reconnect. If it
/// fails, they fail with kNotDone, and so do all calls until there is a connection again.
///
/// One thread must run each io_context. Call the pool from coroutines that run on one of them;
/// other calls throw std::logic_error. Destroy a Pool before its io_contexts. Cancelling the
/// awaiting coroutine abandons the answer, not the statement.
class Pool final : public QueryRunner {
public:
    /// Throws base::ConfigError for a url that cannot be parsed or limits that make no sense.
    /// Does not connect.
    Pool(PoolConfig config, std::span<boost::asio::io_context* const> contexts);
    ~Pool() override;
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    /// Begins to connect; call it once. The contexts need not run yet.
    void start();
    /// Refuses new queries (ConnectionLost, kNotDone), lets those in flight finish, closes. Returns
    /// at once, from any thread; the contexts have to run on until the connections are closed.
    void stop();

    /// Returns when the database answers on the caller's io_context. Throws base::Unavailable after
    /// `timeout`.
    [[nodiscard]] base::Task<> ready(std::chrono::milliseconds timeout);
    /// One round trip, for readiness probes. Throws base::Unavailable.
    [[nodiscard]] base::Task<> ping();

    [[nodiscard]] base::Task<Result> run(Statement statement, Params params) override;

    /// Runs `body(Transaction&)`, a coroutine, in a transaction: commits when it returns, rolls
    /// back when it throws, and yields what it yields. The lambda may capture; it lives as long as
    /// its coroutine does. Throws what the body throws, and like any query. Only a ConnectionLost
    /// or a QueryTimeout during the commit leaves the outcome unknown.
    ///
    /// After a serialization failure or a deadlock the body runs again, from its beginning and in a
    /// new transaction (TransactionOptions::max_attempts). So it must be repeatable: it resets
    /// everything that it changes outside the database on each run, and it sends nothing.
    ///
    ///     co_await pool.transaction([&](postgres::Transaction& tx) -> base::Task<> {
    ///         co_await tx.execute(kTake, from, amount);
    ///         co_await tx.execute(kGive, to, amount);
    ///     });
    ///
    /// It has its own connection, so a slow query belongs here too.
    template <class Body>
    [[nodiscard]] std::invoke_result_t<Body&, Transaction&> transaction(
        Body body, TransactionOptions options = {});

    /// Begins a `copy (select ...) to stdout`. COPY has no parameters, so the arguments are written
    /// into its text as quoted literals. It opens its own connection, which has no time limits and
    /// counts among max_transactions_per_thread until the object is destroyed. Destroy the object
    /// on the io_context that it began on.
    ///
    ///     auto copy = co_await pool.copy_out(kExport, category);
    ///     while (const auto chunk = co_await copy.next()) postgres::read_copied<Item>(*chunk,
    ///     use);
    template <Parameter... Args>
    [[nodiscard]] base::Task<CopyOut> copy_out(Statement statement, const Args&... args) {
        return begin_copy(statement, Params(args...));
    }
    [[nodiscard]] base::Task<CopyOut> copy_out(Statement statement, Params params) {
        return begin_copy(statement, std::move(params));
    }

    [[nodiscard]] PoolStats stats() const noexcept;
    [[nodiscard]] const PoolConfig& config() const noexcept { return *config_; }

private:
    class Shard;

    template <class Body>
    [[nodiscard]] std::invoke_result_t<Body&, Transaction&> attempt_transaction(
        Body* body, TransactionOptions options);
    // Returns when the body may run again; otherwise rethrows.
    [[nodiscard]] static base::Task<> pause_before_retry(std::exception_ptr failure, int attempt,
                                                         int max_attempts);
    [[nodiscard]] base::Task<Transaction> begin(TransactionOptions options);
    [[nodiscard]] base::Task<CopyOut> begin_copy(Statement statement, Params params);

    std::shared_ptr<const PoolConfig> config_;
    base::PerThread<std::shared_ptr<Shard>> shards_;  // their coroutines may outlive the pool
};

template <class Body>
std::invoke_result_t<Body&, Transaction&> Pool::transaction(Body body, TransactionOptions options) {
    for (int attempt = 1;; ++attempt) {
        // co_await is not allowed in a handler, so the exception is carried out of it.
        std::exception_ptr failure;
        try {
            co_return co_await attempt_transaction(&body, options);
        } catch (...) {
            failure = std::current_exception();
        }
        co_await pause_before_retry(failure, attempt, options.max_attempts);
    }
}

template <class Body>
std::invoke_result_t<Body&, Transaction&> Pool::attempt_transaction(Body* body,
                                                                    TransactionOptions options) {
    using Yield = typename std::invoke_result_t<Body&, Transaction&>::value_type;
    Transaction transaction = co_await begin(options);
    std::exception_ptr failure;
    if constexpr (std::is_void_v<Yield>) {
        try {
            co_await (*body)(transaction);
        } catch (...) {
            failure = std::current_exception();
        }
        if (!failure) {
            co_await transaction.commit();
            co_return;
        }
    } else {
        std::optional<Yield> yield;
        try {
            yield.emplace(co_await (*body)(transaction));
        } catch (...) {
            failure = std::current_exception();
        }
        if (!failure) {
            co_await transaction.commit();
            co_return std::move(*yield);
        }
    }
    co_await transaction.rollback();
    std::rethrow_exception(failure);
}

}  // namespace postgres

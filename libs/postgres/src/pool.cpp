#include <algorithm>
#include <stdexcept>

#include <boost/asio/execution/context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <base/context.hpp>
#include <base/errors.hpp>
#include <postgres/errors.hpp>
#include <postgres/pool.hpp>

#include "backoff.hpp"
#include "conninfo.hpp"
#include "shard.hpp"

namespace asio = boost::asio;

namespace postgres {
namespace {

void check(const PoolConfig& config) {
    // Throws for an invalid connection string, before anything uses it.
    const Conninfo parsed(config.url, config.application_name);
    if (config.connections_per_thread == 0 || config.write_connections_per_thread == 0 ||
        config.max_queue == 0 || config.max_in_flight == 0 ||
        config.max_transactions_per_thread == 0) {
        throw base::ConfigError("the database pool's limits have to be at least 1");
    }
    if (config.connect_timeout.count() <= 0) {
        throw base::ConfigError("the database's connect timeout has to be longer than 0");
    }
    if (config.statement_timeout.count() < 0 || config.lock_timeout.count() < 0) {
        throw base::ConfigError(
            "the database's statement and lock timeouts cannot be negative; 0 is none");
    }
    if (config.query_timeout <= config.statement_timeout) {
        throw base::ConfigError(
            "the database's query timeout has to be longer than its statement timeout");
    }
}

}  // namespace

Pool::Pool(PoolConfig config, std::span<asio::io_context* const> contexts) {
    check(config);
    config_ = std::make_shared<const PoolConfig>(std::move(config));
    for (asio::io_context* context : contexts)
        shards_.push_back(std::make_shared<Shard>(*context, config_));
}

Pool::~Pool() {
    stop();
}

void Pool::start() {
    for (const auto& shard : shards_)
        shard->start();
}

void Pool::stop() {
    for (const auto& shard : shards_)
        asio::post(shard->context(), [shard] { shard->drain(); });
}

Pool::Shard& Pool::shard_of(const asio::execution_context* context) const {
    // As many as there are cores: a look at each is quicker than a hash.
    const auto found = std::ranges::find_if(shards_, [&](const auto& shard) {
        const asio::execution_context& its_context = shard->context();
        return &its_context == context;
    });
    if (found == shards_.end()) {
        throw std::logic_error("a query has to run on one of its pool's io_contexts");
    }
    return **found;
}

namespace {

const asio::execution_context* context_of(const asio::any_io_executor& executor) {
    return &asio::query(executor, asio::execution::context);
}

}  // namespace

base::Task<Result> Pool::run(Statement statement, Params params) {
    const auto executor = co_await asio::this_coro::executor;
    auto& connection = shard_of(context_of(executor)).pick(statement);
    co_return co_await connection.run(statement, std::move(params));
}

base::Task<Transaction> Pool::begin(TransactionOptions options) {
    const auto executor = co_await asio::this_coro::executor;
    Transaction transaction(co_await shard_of(context_of(executor)).lease());
    co_await transaction.begin(options);
    co_return transaction;
}

base::Task<CopyIn> Pool::copy_in(Statement statement) {
    const auto executor = co_await asio::this_coro::executor;
    co_return CopyIn(co_await shard_of(context_of(executor)).copy(statement, true));
}

base::Task<CopyOut> Pool::copy_out(Statement statement) {
    const auto executor = co_await asio::this_coro::executor;
    co_return CopyOut(co_await shard_of(context_of(executor)).copy(statement, false));
}

base::Task<> Pool::pause_before_retry(std::exception_ptr failure, int attempt, int max_attempts) {
    bool again = false;
    try {
        std::rethrow_exception(failure);
    } catch (const QueryError& error) {
        again = error.is_transient() && attempt < max_attempts;
    } catch (...) {
    }
    if (!again) std::rethrow_exception(failure);
    // The jitter keeps transactions that collided from doing so again.
    Backoff backoff(std::chrono::milliseconds(10), std::chrono::milliseconds(200));
    auto pause = backoff.next();
    for (int i = 1; i < attempt; ++i)
        pause = backoff.next();
    const base::ContextKeeper keeper;
    asio::steady_timer timer(co_await asio::this_coro::executor, pause);
    co_await timer.async_wait(asio::use_awaitable);
    keeper.restore();
}

namespace {

constexpr Statement kPing{"ping", "select 1"};
// Changes nothing either, but goes where changes go.
constexpr Statement kPingWriter{"ping_writer", "values (1)"};

}  // namespace

base::Task<> Pool::ping() {
    const Result answer = co_await run(kPing, Params());
}

base::Task<> Pool::ready(std::chrono::milliseconds timeout) {
    constexpr std::chrono::milliseconds kPause(20);
    const base::ContextKeeper keeper;
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (true) {
        std::exception_ptr away;
        try {
            co_await ping();
            const Result answer = co_await run(kPingWriter, Params());
        } catch (const base::Unavailable&) {
            away = std::current_exception();
        }
        if (!away) co_return;
        if (std::chrono::steady_clock::now() + kPause > deadline) std::rethrow_exception(away);
        timer.expires_after(kPause);
        co_await timer.async_wait(asio::use_awaitable);
        keeper.restore();
    }
}

PoolStats Pool::stats() const noexcept {
    PoolStats stats;
    for (const auto& shard : shards_)
        shard->add_stats(stats);
    return stats;
}

}  // namespace postgres

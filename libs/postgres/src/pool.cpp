#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <base/errors.hpp>
#include <base/sleep.hpp>
#include <postgres/errors.hpp>
#include <postgres/pool.hpp>

#include "backoff.hpp"
#include "conninfo.hpp"
#include "shard.hpp"

namespace asio = boost::asio;

namespace postgres {
namespace {

std::shared_ptr<const PoolConfig> checked(PoolConfig config) {
    // Throws for an invalid connection string, before anything uses it.
    const Conninfo parsed(config.url, config.application_name);
    if (config.connections_per_thread == 0 || config.write_connections_per_thread == 0 ||
        config.max_queue == 0 || config.max_in_flight == 0 ||
        config.max_transactions_per_thread == 0) {
        throw base::ConfigError("the limits of the database pool must be at least 1");
    }
    if (config.connect_timeout.count() <= 0) {
        throw base::ConfigError("the database's connect timeout must be longer than 0");
    }
    if (config.statement_timeout.count() < 0 || config.lock_timeout.count() < 0) {
        throw base::ConfigError(
            "the database's statement and lock timeouts must not be negative; 0 means no limit");
    }
    if (config.query_timeout <= config.statement_timeout) {
        throw base::ConfigError(
            "the database's query timeout must be longer than its statement timeout");
    }
    return std::make_shared<const PoolConfig>(std::move(config));
}

}  // namespace

Pool::Pool(PoolConfig config, std::span<asio::io_context* const> contexts)
    : config_(checked(std::move(config))), shards_(contexts, [this](asio::io_context& context) {
          return std::make_shared<Shard>(context, config_);
      }) {}

Pool::~Pool() {
    stop();
}

void Pool::start() {
    shards_.for_each([](asio::io_context&, const auto& shard) { shard->start(); });
}

void Pool::stop() {
    shards_.for_each([](asio::io_context& context, const auto& shard) {
        asio::post(context, [shard] { shard->drain(); });
    });
}

base::Task<Result> Pool::run(Statement statement, Params params) {
    co_return co_await shards_.here()->pick(statement).run(statement, std::move(params));
}

base::Task<Transaction> Pool::begin(TransactionOptions options) {
    Transaction transaction(co_await shards_.here()->lease());
    co_await transaction.begin(options);
    co_return transaction;
}

base::Task<CopyOut> Pool::begin_copy(Statement statement, Params params) {
    co_return CopyOut(co_await shards_.here()->copy_out(statement, std::move(params)));
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
    co_await base::sleep_for(pause);
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
    const auto deadline = std::chrono::steady_clock::now() + timeout;
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
        co_await base::sleep_for(kPause);
    }
}

PoolStats Pool::stats() const noexcept {
    PoolStats stats;
    shards_.for_each([&](asio::io_context&, const auto& shard) { shard->add_stats(stats); });
    return stats;
}

}  // namespace postgres

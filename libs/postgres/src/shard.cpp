#include "shard.hpp"

#include <algorithm>

#include <base/spawn.hpp>
#include <postgres/errors.hpp>

#include "copy_session.hpp"
#include "literals.hpp"

namespace postgres {

Pool::Shard::Shard(boost::asio::io_context& context, std::shared_ptr<const PoolConfig> config)
    : context_(context),
      config_(config),
      exclusive_(std::make_shared<ExclusiveConnections>(context, config)) {
    const auto connect = [&](Connections& connections, std::size_t count) {
        while (connections.size() < count) {
            connections.push_back(
                std::make_shared<Connection>(context, config, Connection::Use::kShared));
        }
    };
    connect(readers_, config->connections_per_thread);
    connect(writers_, config->write_connections_per_thread);
}

void Pool::Shard::start() {
    for (const auto* connections : {&readers_, &writers_}) {
        for (const auto& connection : *connections)
            base::spawn(context_, keep_connected(connection));
    }
}

void Pool::Shard::drain() {
    exclusive_->drain();
    for (const auto* connections : {&readers_, &writers_}) {
        for (const auto& connection : *connections)
            connection->drain();
    }
}

Connection& Pool::Shard::pick(Statement statement) const noexcept {
    return least_loaded(statement.reads() ? readers_ : writers_);
}

Connection& Pool::Shard::least_loaded(const Connections& connections) noexcept {
    // A broken connection fails immediately: never prefer it because it is idle.
    const auto cost = [](const std::shared_ptr<Connection>& connection) {
        return std::pair(!connection->connected(), connection->load());
    };
    return **std::ranges::min_element(connections, {}, cost);
}

base::Task<std::unique_ptr<Transaction::Lease>> Pool::Shard::lease() {
    if (away()) {
        throw ConnectionLost("there is no connection to PostgreSQL", Outcome::kNotDone);
    }
    const auto home = exclusive_;
    auto connection = co_await home->acquire();
    co_return std::make_unique<Transaction::Lease>(home, std::move(connection));
}

base::Task<std::shared_ptr<CopySession>> Pool::Shard::copy_out(Statement statement, Params params) {
    if (away()) {
        throw ConnectionLost("there is no connection to PostgreSQL", Outcome::kNotDone);
    }
    // Made first: the pool may be gone when a slot is free.
    auto session =
        std::make_shared<CopySession>(context_, config_, exclusive_, std::string(statement.name));
    co_await session->begin(with_literals(statement.sql, params), PGRES_COPY_OUT);
    co_return session;
}

void Pool::Shard::add_stats(PoolStats& stats) const noexcept {
    constexpr auto kRelaxed = std::memory_order_relaxed;
    const auto add = [&](const Connection::Stats& each) {
        ++(each.connected.load(kRelaxed) ? stats.connected : stats.connecting);
        const auto in_flight = each.in_flight.load(kRelaxed);
        const auto waiting = each.waiting.load(kRelaxed);
        stats.queries_in_flight += in_flight;
        stats.queries_waiting += waiting;
        stats.queue_utilisation =
            std::max(stats.queue_utilisation, static_cast<double>(in_flight + waiting) /
                                                  static_cast<double>(config_->max_queue));
    };
    for (const auto* connections : {&readers_, &writers_}) {
        for (const auto& connection : *connections)
            add(connection->stats());
    }
    const auto& exclusive = exclusive_->stats();
    stats.transactions_busy += exclusive.busy.load(kRelaxed);
    stats.transactions_idle += exclusive.idle.load(kRelaxed);
    stats.transactions_waiting += exclusive.waiting.load(kRelaxed);
}

}  // namespace postgres

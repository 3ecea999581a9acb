#include "pool_faults.hpp"

#include <exception>
#include <utility>

#include <boost/asio/this_coro.hpp>

#include <base/spawn.hpp>
#include <telemetry/log.hpp>

namespace faults {
namespace {

namespace asio = boost::asio;
using base::Task;
using postgres::Transaction;

constexpr postgres::Statement kSleep{"faults.sleep",
                                     "select pg_sleep($1::bigint / 1000.0)::text as slept"};
// How soon a connection is given back once nobody wants it held.
constexpr std::int64_t kHoldMs = 250;

Task<> sleep_once(Transaction& transaction, std::int64_t milliseconds) {
    const auto slept = co_await transaction.run(kSleep, postgres::Params(milliseconds));
}

Task<> sleep_while(Transaction& transaction, std::function<bool()> wanted) {
    while (wanted())
        co_await sleep_once(transaction, kHoldMs);
}

}  // namespace

Task<> PoolFaults::sleep(std::chrono::milliseconds duration) {
    const std::int64_t milliseconds = duration.count();
    co_await pool_.transaction(
        [milliseconds](Transaction& transaction) { return sleep_once(transaction, milliseconds); });
}

Task<> PoolFaults::hold_one(std::function<bool()> wanted) {
    // A statement has a time limit, and a transaction may not idle: it sleeps a little at a time.
    try {
        co_await pool_.transaction(
            [&wanted](Transaction& transaction) { return sleep_while(transaction, wanted); });
    } catch (const std::exception& error) {
        telemetry::log::warn("fault lost its connection",
                             {{"error", std::string_view(error.what())}});
    }
    --held_.here();
}

Task<> PoolFaults::use_full_pool(std::function<bool()> wanted) {
    const auto executor = co_await asio::this_coro::executor;
    // Requests that come meanwhile find the connections taken, and start no more of these.
    auto missing = connections_ - std::exchange(held_.here(), connections_);
    for (; missing > 0; --missing)
        base::spawn(executor, hold_one(wanted));
    co_await pool_.transaction([](Transaction&) -> Task<> { co_return; });
}

}  // namespace faults

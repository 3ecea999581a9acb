#include <services/housekeeping.hpp>
#include <services/item_events.hpp>

#include <database/idempotency.hpp>

namespace app {
namespace {

// So many rows are removed in a round at most: no round may take long.
constexpr std::int64_t kForgetAtOnce = 10'000;

}  // namespace

// On connections of their own, since what is long and shared holds everybody up.
base::Task<> keep_house(postgres::Pool& database, ItemStatistics& statistics) {
    co_await statistics.fold();
    co_await database.transaction([](postgres::Transaction& transaction) {
        return database::forget_old_changes<ItemLog>(transaction, kForgetAtOnce);
    });
    co_await database.transaction([](postgres::Transaction& transaction) {
        return database::forget_expired_keys(transaction, kForgetAtOnce);
    });
}

}  // namespace app

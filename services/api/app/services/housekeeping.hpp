// Periodic jobs in the background, independent of requests.
#pragma once

#include <chrono>

#include <services/item_statistics.hpp>

#include <base/task.hpp>
#include <postgres/pool.hpp>

namespace app {

/// How long statistics may go without being folded.
inline constexpr std::chrono::seconds kHousekeepingPeriod(2);

/// One round: folds statistics; forgets events and idempotency keys that are older than 24 hours,
/// a limited number of them. Every process of the API does it: the database sees to it that they
/// share the work.
[[nodiscard]] base::Task<> keep_house(postgres::Pool& database, ItemStatistics& statistics);

}  // namespace app

// Statistics of all items, from summaries that triggers maintain: see
// migrations/0003_create_item_stats.sql.
#pragma once

#include <schemas/item_stats.hpp>

#include <postgres/pool.hpp>

namespace app {

/// How long a read takes depends on how many categories and days there are and on how many changes
/// were not folded yet, not on how many items there are.
class ItemStatistics {
public:
    /// `database` outlives the statistics.
    explicit ItemStatistics(postgres::Pool& database) : database_(database) {}

    /// Includes every change that was committed before the call. Throws base::Unavailable.
    [[nodiscard]] base::Task<ItemStats> read();

    /// Folds changes into the summaries, which keeps read() quick; returns how many there were.
    /// Does nothing while another process is at it. Throws base::Unavailable.
    [[nodiscard]] base::Task<std::int64_t> fold();

private:
    postgres::Pool& database_;
};

}  // namespace app

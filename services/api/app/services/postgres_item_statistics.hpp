// Statistics out of summaries that triggers keep: see migrations/0003_create_item_stats.sql.
#pragma once

#include <services/item_statistics.hpp>

#include <postgres/pool.hpp>

namespace app {

/// How long a read takes depends on how many categories and days there are and on how many changes
/// were not folded yet, not on how many items there are.
class PostgresItemStatistics final : public ItemStatistics {
public:
    /// `database` outlives the statistics.
    explicit PostgresItemStatistics(postgres::Pool& database) : database_(database) {}

    [[nodiscard]] base::Task<ItemStats> read() override;

    /// Folds changes into the summaries, which keeps read() quick; returns how many there were.
    /// Does nothing while another process is at it. Throws base::Unavailable.
    [[nodiscard]] base::Task<std::int64_t> fold();

private:
    postgres::Pool& database_;
};

}  // namespace app

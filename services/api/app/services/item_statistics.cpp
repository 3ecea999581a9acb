#include <algorithm>

#include <services/item_statistics.hpp>

#include <postgres/statement.hpp>

namespace app {
namespace {

using base::Task;
using postgres::Statement;

// The sums are numeric in PostgreSQL, without a limit; ItemTotals states where `value` stops.
constexpr Statement kTotal{
    "stats.total",
    "select coalesce(sum(items), 0)::bigint as items, "
    "coalesce(sum(quantity), 0)::bigint as quantity, "
    "least(coalesce(sum(value), 0), 92233720368547758.07)::numeric as value "
    "from (select items, quantity, value from item_stats_by_price "
    "union all select items, quantity, value from item_stats_changes) as parts"};

// The largest categories are among the largest of the summary and those that changed since: taking
// as many more as have changed makes up for those that became smaller.
constexpr Statement kByCategory{
    "stats.by_category",
    "with changes as ("
    "  select category, sum(items) as items, sum(quantity) as quantity, sum(value) as value "
    "  from item_stats_changes group by category"
    "), candidates as ("
    "  (select category from item_stats_by_category order by items desc, category "
    "   limit 50 + (select count(*) from changes)) "
    "  union select category from changes"
    "), current as ("
    "  select category, coalesce(summary.items, 0) + coalesce(changes.items, 0) as items, "
    "    coalesce(summary.quantity, 0) + coalesce(changes.quantity, 0) as quantity, "
    "    coalesce(summary.value, 0) + coalesce(changes.value, 0) as value "
    "  from candidates left join item_stats_by_category as summary using (category) "
    "  left join changes using (category)"
    ") select category, items::bigint as items, quantity::bigint as quantity, "
    "least(value, 92233720368547758.07)::numeric as value "
    "from current where items > 0 order by items desc, category limit 50"};

constexpr Statement kByPrice{
    "stats.by_price",
    "with parts as ("
    "  select low, items, quantity, value from item_stats_by_price "
    "  union all select low, items, quantity, value from item_stats_changes"
    ") select low, lead(low) over (order by low) as high, "
    "coalesce(sum(items), 0)::bigint as items, coalesce(sum(quantity), 0)::bigint as quantity, "
    "least(coalesce(sum(value), 0), 92233720368547758.07)::numeric as value "
    "from unnest(item_price_ranges()) as low left join parts using (low) "
    "group by low order by low"};

constexpr Statement kByDay{
    "stats.by_day",
    "select to_char(day, 'YYYY-MM-DD') as day, items from ("
    "  select day, sum(items)::bigint as items from ("
    "    select day, items from item_stats_by_day "
    "    union all select day, items from item_stats_changes) as parts "
    "  group by day having sum(items) > 0 order by day desc limit 366) as newest order by day"};

// One at a time; it ends with the transaction.
constexpr Statement kLockFolding{"stats.lock_folding",
                                 "select pg_try_advisory_xact_lock(hashtext('item_stats.fold'))"};
constexpr Statement kFold{"stats.fold", "select fold_item_stats()"};
constexpr Statement kForgetEmpty{"stats.forget_empty",
                                 "delete from item_stats_by_category where items = 0"};

ItemTotals others(const ItemTotals& total, const std::vector<CategoryStats>& categories) {
    ItemTotals rest = total;
    for (const auto& each : categories) {
        rest.items -= each.items;
        rest.quantity -= each.quantity;
        // Where sums stopped at their limit, the parts can exceed the whole.
        rest.value = base::Decimal<2>::from_units(
            std::max<std::int64_t>(0, rest.value.units() - each.value.units()));
    }
    return rest;
}

Task<ItemStats> read_all(postgres::Transaction& transaction) {
    ItemStats stats{};
    stats.total = co_await transaction.query_one<ItemTotals>(kTotal);
    stats.categories = co_await transaction.query<CategoryStats>(kByCategory);
    stats.prices = co_await transaction.query<PriceStats>(kByPrice);
    stats.days = co_await transaction.query<DayStats>(kByDay);
    stats.other_categories = others(stats.total, stats.categories);
    co_return stats;
}

Task<std::int64_t> fold_all(postgres::Transaction& transaction) {
    const bool locked = co_await transaction.query_one<bool>(kLockFolding);
    if (!locked) co_return 0;
    const auto folded = co_await transaction.query_one<std::int64_t>(kFold);
    if (folded > 0) co_await transaction.execute(kForgetEmpty);
    co_return folded;
}

}  // namespace

Task<ItemStats> ItemStatistics::read() {
    // One snapshot for all of it, so that the parts add up.
    co_return co_await database_.transaction(
        read_all, {.isolation = postgres::Isolation::kRepeatableRead, .read_only = true});
}

Task<std::int64_t> ItemStatistics::fold() {
    co_return co_await database_.transaction(fold_all);
}

}  // namespace app

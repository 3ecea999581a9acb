// Statistics agree with the items, whatever was done to them and however far they are folded.
#include <filesystem>

#include <gmock/gmock.h>
#include <test_support/temporary_directory.hpp>

#include "api_database_test.hpp"

namespace {

class Statistics : public app::ApiDatabaseTest {
protected:
    app::ItemStats read() { return run(statistics().read()); }

    // The same numbers, counted anew from the items themselves.
    void expect_to_agree_with_items() {
        const auto stats = read();
        const auto total = run(pool().query_one<app::ItemTotals>(
            {"",
             "select count(*) as items, coalesce(sum(quantity), 0)::bigint as quantity, "
             "coalesce(sum(price * quantity), 0) as value from items"}));
        EXPECT_EQ(stats.total.items, total.items);
        EXPECT_EQ(stats.total.quantity, total.quantity);
        EXPECT_EQ(stats.total.value, total.value);
        const auto categories = run(pool().query<app::CategoryStats>(
            {"",
             "select category, count(*) as items, sum(quantity)::bigint as quantity, "
             "sum(price * quantity) as value from items group by category "
             "order by items desc, category limit 50"}));
        ASSERT_EQ(stats.categories.size(), categories.size());
        for (std::size_t i = 0; i < categories.size(); ++i)
            EXPECT_EQ(schema::to_json(stats.categories[i]), schema::to_json(categories[i]));
        std::int64_t items = 0;
        for (const auto& range : stats.prices) {
            const auto sql = fmt::format(
                "select count(*) from items where price >= {} and price < {}",
                range.low.to_string(), range.high ? range.high->to_string() : "'Infinity'");
            EXPECT_EQ(range.items, run(pool().query_one<std::int64_t>({"", sql})))
                << range.low.to_string();
            items += range.items;
        }
        EXPECT_EQ(items, total.items);
        const auto days = run(pool().query<app::DayStats>(
            {"",
             "select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD') as day, "
             "count(*) as items from items group by 1 order by 1"}));
        EXPECT_EQ(schema::to_json(stats.days), schema::to_json(days));
    }
};

TEST_F(Statistics, OfNothingAreZero) {
    const auto stats = read();
    EXPECT_EQ(stats.total.items, 0);
    EXPECT_TRUE(stats.categories.empty());
    EXPECT_EQ(stats.prices.size(), 11);
    EXPECT_TRUE(stats.days.empty());
}

TEST_F(Statistics, AreRightAfterEveryKindOfWrite) {
    execute(
        "insert into items (name, category, price, quantity, created_at) "
        "select 'n' || n, 'c' || n % 7, n * 3.35, n, now() - interval '1 day' * (n % 5) "
        "from generate_series(1, 500) as n");
    expect_to_agree_with_items();
    EXPECT_GT(run(statistics().fold()), 0);
    EXPECT_EQ(run(statistics().fold()), 0);
    expect_to_agree_with_items();
    execute("update items set category = 'c1', price = price + 10 where id % 3 = 0");
    expect_to_agree_with_items();
    execute("delete from items where category = 'c2'");
    expect_to_agree_with_items();
    EXPECT_GT(run(statistics().fold()), 0);
    expect_to_agree_with_items();
    execute("delete from items");
    expect_to_agree_with_items();
    EXPECT_GT(run(statistics().fold()), 0);
    expect_to_agree_with_items();
}

TEST_F(Statistics, NameTheLargestCategoriesAlsoWhenManyChangedSinceTheLastFold) {
    execute(
        "insert into items (name, category, price, quantity) "
        "select 'n', 'c' || c, 1, 1 from generate_series(1, 120) as c, "
        "generate_series(1, c)");
    (void)run(statistics().fold());
    // The 60 largest vanish from the top, and a new one enters it.
    execute("delete from items where substr(category, 2)::int > 60");
    execute(
        "insert into items (name, category, price, quantity) "
        "select 'n', 'new', 1, 1 from generate_series(1, 59)");
    expect_to_agree_with_items();
    const auto stats = read();
    EXPECT_EQ(stats.categories.front().category, "c60");
    std::int64_t listed = 0;
    for (const auto& category : stats.categories)
        listed += category.items;
    EXPECT_EQ(stats.other_categories.items, stats.total.items - listed);
}

// A database as it was before the migration that brought them.
class StatisticsOfAnOlderDatabase : public Statistics {
protected:
    StatisticsOfAnOlderDatabase() { migrated_ = false; }
};

TEST_F(StatisticsOfAnOlderDatabase, CountWhatWasThereBeforeThem) {
    const test_support::TemporaryDirectory before;
    for (const auto* file : {"0001_create_items.sql", "0002_create_item_events.sql"})
        std::filesystem::copy_file(std::filesystem::path(migrations_dir()) / file,
                                   before.path() / file);
    postgres::migrate(url(), postgres::Migrations::load(before.path()));

    execute("insert into items (name, category, price, quantity) values ('a', 'b', 9.99, 3)");
    postgres::migrate(url(), postgres::Migrations::load(migrations_dir()));
    expect_to_agree_with_items();
}

TEST_F(Statistics, StopAtWhatTheirTypeHolds) {
    execute(
        "insert into items (name, category, price, quantity) "
        "values ('a', 'b', 9999999999.99, 2147483647)");
    EXPECT_EQ(read().total.value.to_string(), "92233720368547758.07");
}

}  // namespace

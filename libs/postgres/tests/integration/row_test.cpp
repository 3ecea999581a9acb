// Typed parameters and rows, there and back.
#include "support.hpp"

namespace {

using namespace postgres;
using Price = base::Decimal<2>;

struct Item {
    std::int64_t id = 0;
    std::string name;
    std::optional<std::string> description;
    Price price;
    std::int32_t quantity = 0;
    bool active = false;
    double weight = 0;
    base::Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(Item, (),
                      (id, name, description, price, quantity, active, weight, created_at))

constexpr Statement kInsert{"insert",
                            "insert into items (name, description, price, quantity, active,"
                            " weight, created_at) values ($1, $2, $3, $4, $5, $6, $7) returning *"};
constexpr Statement kCount{"count", "select count(*) from items"};

class Rows : public testing_support::DatabaseTest {
protected:
    void SetUp() override {
        // Another order than the struct's: columns are found by name.
        sql("create table items (created_at timestamptz not null, name text not null,"
            " id bigint generated always as identity primary key, description text,"
            " price numeric(12,2) not null, quantity int not null, active bool not null,"
            " weight float8 not null)");
    }
};

TEST_F(Rows, RoundTripEveryType) {
    Pool& pool = open();
    run([&]() -> base::Task<> {
        const auto time = base::parse_rfc3339("1969-07-20T20:17:40.123456Z").value();
        const std::string name = "Ñandú 'quoted' \\ \"x\" 🦤\n$1";
        const Item item = co_await pool.query_one<Item>(kInsert, name, std::nullopt,
                                                        Price::from_units(999999999999), 2147483647,
                                                        true, 0.1, time);
        EXPECT_EQ(item.id, 1);
        EXPECT_EQ(item.name, name);
        EXPECT_EQ(item.description, std::nullopt);
        EXPECT_EQ(item.price.to_string(), "9999999999.99");
        EXPECT_EQ(item.quantity, 2147483647);
        EXPECT_TRUE(item.active);
        EXPECT_EQ(item.weight, 0.1);
        EXPECT_EQ(item.created_at, time);

        const Item second =
            co_await pool.query_one<Item>(kInsert, "b", std::optional<std::string>(""),
                                          Price::from_units(-5), -1, false, -1e300, time);
        EXPECT_EQ(second.description, "");
        EXPECT_EQ(second.price.units(), -5);
        EXPECT_EQ(co_await pool.query_one<std::int64_t>(kCount), 2);
    });
}

TEST_F(Rows, OptionalIsTheRowOrNothing) {
    Pool& pool = open();
    run([&]() -> base::Task<> {
        static constexpr Statement kNumbers{"numbers",
                                            "select n::bigint from generate_series(1, $1) n"};
        EXPECT_EQ(co_await pool.query_optional<std::int64_t>(kNumbers, 0), std::nullopt);
        EXPECT_EQ(co_await pool.query_optional<std::int64_t>(kNumbers, 1), 1);
        EXPECT_THROW(co_await pool.query_optional<std::int64_t>(kNumbers, 2), DecodeError);
        EXPECT_THROW(co_await pool.query_one<std::int64_t>(kNumbers, 0), DecodeError);
        const auto all = co_await pool.query<std::int64_t>(kNumbers, 1000);
        EXPECT_EQ(all.size(), 1000);
        EXPECT_EQ(all.back(), 1000);
    });
}

TEST_F(Rows, ExecuteCountsTheRows) {
    Pool& pool = open();
    run([&]() -> base::Task<> {
        static constexpr Statement kFill{"fill",
                                         "insert into items (name, price, quantity, active, weight,"
                                         " created_at) select 'x', 1, n, true, 0, now()"
                                         " from generate_series(1, $1) n"};
        static constexpr Statement kDelete{"delete", "delete from items where quantity <= $1"};
        EXPECT_EQ(co_await pool.execute(kFill, 10), 10);
        EXPECT_EQ(co_await pool.execute(kDelete, 3), 3);
        EXPECT_EQ(co_await pool.execute(kDelete, 3), 0);
    });
}

struct Pair {
    std::int32_t a = 0;
    std::string b;
};
BOOST_DESCRIBE_STRUCT(Pair, (), (a, b))

// The message of the DecodeError that reading a Pair throws.
base::Task<std::string> refusal(Pool& pool, std::string sql) {
    const Statement statement{"", sql};
    try {
        static_cast<void>(co_await pool.query<Pair>(statement));
    } catch (const DecodeError& error) {
        co_return error.what();
    }
    co_return "accepted";
}

TEST_F(Rows, MustCorrespondToTheStruct) {
    Pool& pool = open();
    run([&]() -> base::Task<> {
        EXPECT_EQ(co_await refusal(pool, "select 'x' as b, 1 as a"), "accepted");
        EXPECT_EQ(co_await refusal(pool, "select 1 as a"),
                  "the result has 1 columns, its C++ type 2");
        // Also when there are no rows.
        EXPECT_EQ(co_await refusal(pool, "select 1 as a, 'x' as c where false"),
                  "the result has no column b");
        EXPECT_EQ(co_await refusal(pool, "select 1::bigint as a, 'x' as b where false"),
                  "column a is of a type (oid 20) that its C++ type cannot hold");
        EXPECT_EQ(co_await refusal(pool, "select 1 as a, null::text as b"),
                  "column b: is NULL, but its C++ type is not std::optional");
    });
}

TEST_F(Rows, SurviveALargeResult) {
    Pool& pool = open();
    run([&]() -> base::Task<> {
        static constexpr Statement kLarge{"large",
                                          "select repeat('x', $1) from generate_series(1, 20)"};
        const auto rows = co_await pool.query<std::string>(kLarge, 1'000'000);
        EXPECT_EQ(rows.size(), 20);
        EXPECT_EQ(rows.back().size(), 1'000'000);
        // As a parameter it has to be written in several parts.
        static constexpr Statement kLength{"length", "select length($1)"};
        const std::string text(20'000'000, 'y');
        EXPECT_EQ(co_await pool.query_one<std::int32_t>(kLength, text), 20'000'000);
    });
}

}  // namespace

// Many rows: COPY in both directions, and results that are read in batches.
#include <boost/asio/steady_timer.hpp>

#include "proxied.hpp"

namespace {

using namespace postgres;
using namespace std::chrono_literals;

struct Row {
    std::int32_t id = 0;
    std::optional<std::string> text;

    friend bool operator==(const Row&, const Row&) = default;
};
BOOST_DESCRIBE_STRUCT(Row, (), (id, text))

constexpr Statement kLoad{"load", "copy t (id, text) from stdin"};
constexpr Statement kCount{"count", "select count(*) from t"};
constexpr Statement kAll{"all", "select id, text from t where id >= $1 order by id"};

class Bulk : public testing_support::ProxiedDatabaseTest {
protected:
    void SetUp() override {
        ProxiedDatabaseTest::SetUp();
        sql("create table t (id int primary key, text text)");
    }
};

TEST_F(Bulk, CopiesStructsIn) {
    Pool& pool = open();
    const std::vector<Row> rows{{1, "tab\t line\n return\r back\\slash \\N"},
                                {2, std::nullopt},
                                {3, ""},
                                {4, "\\."},
                                {5, "é🦤"}};
    run([&]() -> base::Task<> {
        {
            CopyIn copy = co_await pool.copy_in(kLoad);
            EXPECT_EQ(pool.stats().transactions_busy, 1);
            co_await copy.write(std::span<const Row>(rows));
            EXPECT_EQ(co_await copy.finish(), 5);
        }
        EXPECT_EQ(pool.stats().transactions_busy, 0);
        EXPECT_EQ(co_await pool.query<Row>(kAll, 0), rows);
    });
}

TEST_F(Bulk, CopiesMoreThanAnyBufferHolds) {
    Pool& pool = open();
    std::vector<Row> rows;
    for (int id = 0; id < 20'000; ++id)
        rows.push_back({id, std::string(1000, 'x')});
    run([&]() -> base::Task<> {
        CopyIn in = co_await pool.copy_in(kLoad);
        co_await in.write(std::span<const Row>(rows));
        EXPECT_EQ(co_await in.finish(), 20'000);

        CopyOut out = co_await pool.copy_out({"dump", "copy t to stdout with (format csv)"});
        std::size_t bytes = 0;
        std::size_t longest = 0;
        while (const auto chunk = co_await out.next()) {
            EXPECT_TRUE(chunk->ends_with('\n'));
            bytes += chunk->size();
            longest = std::max(longest, chunk->size());
        }
        EXPECT_GT(bytes, 20'000'000);
        EXPECT_LT(longest, 100'000);
        EXPECT_EQ(co_await out.next(), std::nullopt);
    });
}

TEST_F(Bulk, LeavesNothingOfACopyThatFailsOrIsGivenUp) {
    Pool& pool = open();
    const std::vector<Row> twice{{1, "a"}, {1, "b"}};
    run([&]() -> base::Task<> {
        {
            CopyIn copy = co_await pool.copy_in(kLoad);
            co_await copy.write(std::span<const Row>(twice));
            EXPECT_THROW(co_await copy.finish(), UniqueViolation);
        }
        {
            CopyIn copy = co_await pool.copy_in(kLoad);
            co_await copy.write_raw("7\tgiven up\n");
        }
        {
            // PostgreSQL refuses the first of many rows: the writer learns of it on its way.
            CopyIn copy = co_await pool.copy_in(kLoad);
            const std::string bad(10'000'000, 'x');
            EXPECT_THROW(
                {
                    co_await copy.write_raw("no number\tx\n");
                    for (int i = 0; i < 10; ++i)
                        co_await copy.write_raw(bad);
                    static_cast<void>(co_await copy.finish());
                },
                QueryError);
        }
        EXPECT_EQ(co_await pool.query_one<std::int64_t>(kCount), 0);
        EXPECT_EQ(pool.stats().transactions_busy, 0);
    });
}

TEST_F(Bulk, RefusesAStatementThatIsNoCopyOfItsDirection) {
    Pool& pool = open();
    run([&]() -> base::Task<> {
        EXPECT_THROW(co_await pool.copy_in({"one", "select 1"}), std::logic_error);
        EXPECT_THROW(co_await pool.copy_in({"out", "copy t to stdout"}), std::logic_error);
        EXPECT_THROW(co_await pool.copy_out({"none", "copy nothing to stdout"}), QueryError);
        EXPECT_EQ(pool.stats().transactions_busy, 0);
    });
}

TEST_F(Bulk, GivesUpOnAServerThatTakesNothing) {
    Pool& pool = open({.url = through_proxy_, .query_timeout = 300ms, .statement_timeout = 200ms});
    run([&]() -> base::Task<> {
        // The proxy knows no search_path.
        CopyIn copy = co_await pool.copy_in(
            {"load", fmt::format("copy {}.t (id, text) from stdin", schema_)});
        co_await copy.write_raw("1\tx\n");
        proxy_->freeze();
        EXPECT_THROW(static_cast<void>(co_await copy.finish()), QueryTimeout);
    });
}

TEST_F(Bulk, StreamsAResultInBatches) {
    Pool& pool = open();
    sql("insert into t select n, 'x' from generate_series(1, 25) n");
    run([&]() -> base::Task<> {
        for (const int first : {1, 6}) {  // the second reuses what the first has prepared
            std::vector<std::size_t> sizes;
            std::int32_t expected = first;
            co_await pool.transaction([&](Transaction& tx) -> base::Task<> {
                auto rows = co_await tx.stream<Row>(kAll, 10, first);
                for (auto batch = co_await rows.next(); !batch.empty();
                     batch = co_await rows.next()) {
                    sizes.push_back(batch.size());
                    for (const Row& row : batch)
                        EXPECT_EQ(row.id, expected++);
                }
            });
            EXPECT_EQ(expected, 26);
            EXPECT_EQ(sizes, first == 1 ? (std::vector<std::size_t>{10, 10, 5})
                                        : (std::vector<std::size_t>{10, 10}));
        }
    });
}

}  // namespace

// Many rows: COPY in both directions.
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
constexpr Statement kDump{"dump",
                          "copy (select id, text from t where id < $1 order by id) to stdout"};
constexpr Statement kCount{"count", "select count(*) from t"};
constexpr Statement kAll{"all", "select id, text from t where id >= $1 order by id"};

class Bulk : public testing_support::ProxiedDatabaseTest {
protected:
    void SetUp() override {
        ProxiedDatabaseTest::SetUp();
        sql("create table t (id int primary key, text text)");
    }
};

TEST_F(Bulk, CopiesStructsInAndOut) {
    Pool& pool = open();
    const std::vector<Row> rows{{1, "tab\t line\n return\r back\\slash \\N \b\f\v"},
                                {2, std::nullopt},
                                {3, ""},
                                {4, "\\."},
                                {5, "é🦤"}};
    run([&]() -> base::Task<> {
        co_await pool.transaction([&](Transaction& tx) -> base::Task<> {
            CopyIn copy = co_await tx.copy_in(kLoad);
            co_await copy.write(std::span<const Row>(rows));
            EXPECT_EQ(co_await copy.finish(), 5);
            // The connection is an ordinary one again, and the transaction goes on.
            EXPECT_EQ(co_await tx.query<Row>(kAll, 0), rows);
            CopyIn more = co_await tx.copy_in(kLoad);
            const std::vector<Row> sixth{{6, "x"}};
            co_await more.write(std::span<const Row>(sixth));
            EXPECT_EQ(co_await more.finish(), 1);
        });
        EXPECT_EQ(pool.stats().transactions_busy, 0);
        EXPECT_EQ(pool.stats().transactions_idle, 1);
        EXPECT_EQ(co_await pool.query_one<std::int64_t>(kCount), 6);

        CopyOut copy = co_await pool.copy_out(kDump, 6);
        EXPECT_EQ(pool.stats().transactions_busy, 1);
        std::vector<Row> copied;
        while (const auto chunk = co_await copy.next())
            read_copied<Row>(*chunk, [&](Row row) { copied.push_back(std::move(row)); });
        EXPECT_EQ(copied, rows);
    });
}

// While a COPY has the connection, the reader of its ordinary answers must not take the COPY's.
// Whether it could depends on when the answer arrives, so this is tried often.
TEST_F(Bulk, TakesEveryAnswerItself) {
    Pool& pool = open({.query_timeout = 1s, .statement_timeout = 500ms});
    run([&]() -> base::Task<> {
        for (int i = 0; i < 1000; ++i) {
            co_await pool.transaction([&](Transaction& tx) -> base::Task<> {
                CopyIn copy = co_await tx.copy_in(kLoad);
                EXPECT_EQ(co_await copy.finish(), 0);
            });
        }
    });
}

TEST_F(Bulk, RefusesCopiedRowsThatDoNotFit) {
    std::size_t read = 0;
    const auto count = [&read](const Row&) { ++read; };
    read_copied<Row>("1\ta\n2\t\\N\n", count);
    EXPECT_EQ(read, 2);
    for (const char* chunk : {"1\n", "1\ta\tb\n", "\\N\ta\n", "x\ta\n"}) {
        EXPECT_THROW(read_copied<Row>(chunk, count), DecodeError) << chunk;
    }
}

TEST_F(Bulk, CopiesMoreThanAnyBufferHolds) {
    Pool& pool = open();
    std::vector<Row> rows;
    for (int id = 0; id < 20'000; ++id)
        rows.push_back({id, std::string(1000, 'x')});
    run([&]() -> base::Task<> {
        co_await pool.transaction([&](Transaction& tx) -> base::Task<> {
            CopyIn in = co_await tx.copy_in(kLoad);
            co_await in.write(std::span<const Row>(rows));
            EXPECT_EQ(co_await in.finish(), 20'000);
        });

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
    const std::vector<Row> one{{7, "x"}};
    const std::vector<Row> twice{{1, "a"}, {1, "b"}};
    const auto copy_twice = [&](Transaction& tx) -> base::Task<> {
        CopyIn copy = co_await tx.copy_in(kLoad);
        co_await copy.write(std::span<const Row>(twice));
        static_cast<void>(co_await copy.finish());
    };
    const auto give_up = [&](Transaction& tx) -> base::Task<> {
        CopyIn copy = co_await tx.copy_in(kLoad);
        co_await copy.write(std::span<const Row>(one));
        throw std::runtime_error("given up");
    };
    const auto forget = [&](Transaction& tx) -> base::Task<> {
        CopyIn copy = co_await tx.copy_in(kLoad);
        co_await copy.write(std::span<const Row>(one));
    };
    const auto query_meanwhile = [&](Transaction& tx) -> base::Task<> {
        CopyIn copy = co_await tx.copy_in(kLoad);
        static_cast<void>(co_await tx.query_one<std::int64_t>(kCount));
    };
    // PostgreSQL refuses the first of many rows: the writer learns of it on its way.
    const std::vector<Row> many(10'000, Row{1, std::string(10'000, 'x')});
    const auto copy_many = [&](Transaction& tx) -> base::Task<> {
        CopyIn copy = co_await tx.copy_in({"load_numbers", "copy t (text, id) from stdin"});
        co_await copy.write(std::span<const Row>(many));
        static_cast<void>(co_await copy.finish());
    };
    run([&]() -> base::Task<> {
        EXPECT_THROW(co_await pool.transaction(copy_twice), UniqueViolation);
        EXPECT_THROW(co_await pool.transaction(give_up), std::runtime_error);
        EXPECT_THROW(co_await pool.transaction(forget), std::logic_error);
        EXPECT_THROW(co_await pool.transaction(query_meanwhile), std::logic_error);
        EXPECT_THROW(co_await pool.transaction(copy_many), QueryError);
        EXPECT_EQ(co_await pool.query_one<std::int64_t>(kCount), 0);
        EXPECT_EQ(pool.stats().transactions_busy, 0);
    });
}

TEST_F(Bulk, RefusesAStatementThatIsNoCopyOfItsDirection) {
    Pool& pool = open();
    run([&]() -> base::Task<> {
        for (const char* sql : {"select 1", "copy t to stdout"}) {
            EXPECT_THROW(co_await pool.transaction([&](Transaction& tx) -> base::Task<> {
                static_cast<void>(co_await tx.copy_in({"none", sql}));
            }),
                         std::logic_error);
        }
        EXPECT_THROW(co_await pool.copy_out({"in", "copy t from stdin"}), std::logic_error);
        EXPECT_THROW(co_await pool.copy_out({"none", "copy nothing to stdout"}), QueryError);
        EXPECT_EQ(pool.stats().transactions_busy, 0);
    });
}

TEST_F(Bulk, LosesACopyWithItsConnection) {
    Pool& pool = open();
    const std::vector<Row> rows(100, Row{1, std::string(1000, 'x')});
    run([&]() -> base::Task<> {
        EXPECT_THROW(co_await pool.transaction([&](Transaction& tx) -> base::Task<> {
            CopyIn copy = co_await tx.copy_in(kLoad);
            terminate();
            for (int i = 0; i < 1000; ++i)
                co_await copy.write(std::span<const Row>(rows));
            static_cast<void>(co_await copy.finish());
        }),
                     std::runtime_error);
        EXPECT_EQ(pool.stats().transactions_busy, 0);
    });
}

TEST_F(Bulk, GivesUpOnAServerThatTakesNothing) {
    Pool& pool = open({.url = through_proxy_, .query_timeout = 300ms, .statement_timeout = 200ms});
    run([&]() -> base::Task<> {
        // The proxy knows no search_path.
        const std::string sql = fmt::format("copy {}.t (id, text) from stdin", schema_.name());
        const std::vector<Row> one{{1, "x"}};
        EXPECT_THROW(co_await pool.transaction([&](Transaction& tx) -> base::Task<> {
            CopyIn copy = co_await tx.copy_in({"load", sql});
            co_await copy.write(std::span<const Row>(one));
            proxy_->freeze();
            static_cast<void>(co_await copy.finish());
        }),
                     QueryTimeout);
    });
}

}  // namespace

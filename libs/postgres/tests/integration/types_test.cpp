// Arrays, enums, documents and dates, there and back.
#include <boost/json/serialize.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <postgres/json.hpp>
#include <postgres/uuid.hpp>

#include "support.hpp"

namespace {

using namespace postgres;

enum class Status { draft, sold };
BOOST_DESCRIBE_ENUM(Status, draft, sold)

struct Offer {
    std::string title;
    Status status{};
    std::optional<std::chrono::year_month_day> until;
    base::Decimal<2> price;
    base::Timestamp created_at;
    bool active = false;
    std::int64_t views = 0;
    boost::json::value extra;

    friend bool operator==(const Offer&, const Offer&) = default;
};
BOOST_DESCRIBE_STRUCT(Offer, (), (title, status, until, price, created_at, active, views, extra))

class Types : public testing_support::DatabaseTest {
protected:
    void SetUp() override {
        sql("create type status as enum ('draft', 'sold');"
            "create table offers (title text, status status, until date, price numeric(12,2),"
            " created_at timestamptz, active bool, views bigint, extra jsonb)");
    }
    // Sends a value and reads it back.
    template <class T>
    void expect_round_trip(Statement statement, const T& value) {
        run([&]() -> base::Task<> {
            EXPECT_EQ(co_await pool_->query_one<T>(statement, value), value);
        });
    }
};

TEST_F(Types, InsertABatchOfDescribedStructs) {
    Pool& pool = open();
    constexpr Statement kAdd{
        "add",
        "insert into offers select * from unnest($1::text[], $2::status[], $3::date[],"
        " $4::numeric[], $5::timestamptz[], $6::bool[], $7::bigint[], $8::jsonb[])"
        " returning *"};
    using namespace std::chrono;
    const std::vector<Offer> offers{
        {"a \"quoted\" \\ {title}, é", Status::sold, year(2026) / 2 / 28,
         base::Decimal<2>::from_units(-105), base::parse_rfc3339("2026-01-31T23:59:59.5Z").value(),
         true, 9'000'000'000, boost::json::value{{"k", {1, nullptr, "x\"y"}}}},
        {"", Status::draft, std::nullopt, base::Decimal<2>::from_units(0),
         base::parse_rfc3339("1969-07-20T20:17:40Z").value(), false, 0, boost::json::value(7)}};
    run([&]() -> base::Task<> {
        EXPECT_EQ(co_await pool.query<Offer>(kAdd, columns(offers)), offers);
        EXPECT_EQ(co_await pool.execute(kAdd, columns(std::vector<Offer>())), 0);
    });
}

TEST_F(Types, RoundTripArrays) {
    open();
    expect_round_trip<std::vector<std::string>>({"text", "select $1::text[]"},
                                                {"", "NULL", "a,b", "\"", "\\", "{}", " x ", "é"});
    expect_round_trip<std::vector<std::optional<std::int64_t>>>({"bigint", "select $1::bigint[]"},
                                                                {1, std::nullopt, -9'000'000'000});
    expect_round_trip<std::vector<std::int32_t>>({"int", "select $1::int[]"}, {});
    expect_round_trip<std::vector<double>>({"float", "select $1::float8[]"}, {0.1, -1e300});
    expect_round_trip<std::vector<bool>>({"bool", "select $1::bool[]"}, {true, false});
    expect_round_trip<std::vector<base::Decimal<2>>>({"numeric", "select $1::numeric(12,2)[]"},
                                                     {base::Decimal<2>::from_units(999)});
    expect_round_trip<std::vector<base::Timestamp>>(
        {"timestamptz", "select $1::timestamptz[]"},
        {base::parse_rfc3339("2026-01-31T23:59:59.5Z").value()});
    expect_round_trip<std::vector<Status>>({"enums", "select $1::status[]"},
                                           {Status::sold, Status::draft});
}

TEST_F(Types, RoundTripADateADocumentAndAUuid) {
    open();
    using namespace std::chrono;
    expect_round_trip<year_month_day>({"date", "select $1::date"}, year(1) / 1 / 1);
    expect_round_trip<year_month_day>({"date", "select $1::date"}, year(9999) / 12 / 31);
    expect_round_trip<boost::json::value>({"json", "select $1::json"}, {{"a", {9.5, true}}});
    expect_round_trip<boost::uuids::uuid>({"uuid", "select $1::uuid"}, {{0xde, 0xad, 1, 2}});
}

TEST_F(Types, RefuseWhatTheirTypeCannotHold) {
    Pool& pool = open();
    run([&]() -> base::Task<> {
        sql("alter type status add value 'gone'");
        EXPECT_THROW(co_await pool.query_one<Status>({"gone", "select 'gone'::status"}),
                     DecodeError);
        EXPECT_THROW(co_await pool.query_one<std::chrono::year_month_day>(
                         {"infinity", "select 'infinity'::date"}),
                     DecodeError);
        EXPECT_THROW(co_await pool.query_one<boost::json::value>({"text", "select '{}'::text"}),
                     DecodeError);
    });
}

}  // namespace

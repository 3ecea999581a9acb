#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <services/item_list_query.hpp>

namespace {

using app::ItemFilter;

ItemFilter filter(std::string_view query) {
    schema::Value object{.kind = schema::Value::Kind::kObject};
    while (!query.empty()) {
        const auto field = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(field.size() + 1, query.size()));
        const auto equals = field.find('=');
        object.members.push_back({std::string(field.substr(0, equals)),
                                  schema::Value::from_text(field.substr(equals + 1))});
    }
    std::vector<schema::Issue> issues;
    auto result = schema::Codec<ItemFilter>::decode(object, schema::Issues(issues));
    EXPECT_TRUE(result) << (issues.empty() ? "" : issues[0].pointer + issues[0].message);
    return *std::move(result);
}

// What follows the column list, which is that of ItemRead.
std::string rest_of(const app::ItemListQuery& query) {
    const std::string from = " from items";
    return query.sql.substr(query.sql.find(from) + from.size());
}

TEST(PageQuery, AsksForOneItemMoreThanThePage) {
    EXPECT_EQ(rest_of(app::page_query(filter(""))), " order by id asc limit 21");
    EXPECT_EQ(rest_of(app::page_query(filter("limit=100"))), " order by id asc limit 101");
}

TEST(PageQuery, HasFewLimitsSinceEachIsAStatement) {
    EXPECT_EQ(app::page_query(filter("limit=1")).name, app::page_query(filter("limit=20")).name);
    EXPECT_EQ(app::page_query(filter("limit=51")).name, app::page_query(filter("limit=100")).name);
    EXPECT_NE(app::page_query(filter("limit=20")).name, app::page_query(filter("limit=21")).name);
}

TEST(PageQuery, AsksForAWholePageAndOneItemMoreAtEachSize) {
    for (auto limit = 1; limit <= app::kMaxPageSize; ++limit) {
        const auto sql = app::page_query(filter(fmt::format("limit={}", limit))).sql;
        EXPECT_GT(std::stoi(sql.substr(sql.rfind(' '))), limit);
    }
}

TEST(PageQuery, SearchesForNoMoreThanThePageHolds) {
    const auto query = app::page_query(filter("q=lamp&limit=3"));
    EXPECT_THAT(query.sql, testing::EndsWith(" order by id asc limit $2"));
    EXPECT_STREQ(query.params.value(1), "4");
}

TEST(PageQuery, AddsAConditionForEachFilter) {
    const auto query = app::page_query(filter("category=a&min_price=1&max_price=2.5&sort=-name"));
    EXPECT_EQ(rest_of(query),
              " where category = $1 and price >= $2 and price <= $3"
              " order by name desc, id desc limit 21");
    EXPECT_STREQ(query.params.value(2), "2.50");
    EXPECT_EQ(query.name, "items.list.-name.cmx.20");
}

TEST(PageQuery, ContinuesAfterTheCursor) {
    const app::ItemCursor cursor{*app::ItemSort::parse("-price"), "1.50", app::ItemId(7)};
    const auto query = app::page_query(filter("sort=-price&cursor=" + cursor.to_string()));
    EXPECT_EQ(rest_of(query),
              " where (price, id) < ($1::numeric, $2)"
              " order by price desc, id desc limit 21");
    EXPECT_STREQ(query.params.value(0), "1.50");
    EXPECT_STREQ(query.params.value(1), "7");
}

TEST(PageQuery, SearchesTextAsAParameter) {
    const auto query = app::page_query(filter("q=50% '; drop table items"));
    EXPECT_EQ(query.sql.find("drop"), std::string::npos);
    EXPECT_STREQ(query.params.value(0), "50% '; drop table items");
}

TEST(TotalQuery, CountsAllPages) {
    const app::ItemCursor cursor{*app::ItemSort::parse("id"), "", app::ItemId(7)};
    const auto query = app::total_query(filter("category=a&cursor=" + cursor.to_string()));
    EXPECT_EQ(query.sql, "select count(*) as total from items where category = $1");
}

}  // namespace

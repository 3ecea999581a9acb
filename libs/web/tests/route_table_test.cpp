#include "route_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using testing::ElementsAre;
using testing::Pair;
using web::Method;
using web::Route;
using web::RouteTable;

std::vector<Route> routes(std::vector<std::pair<Method, std::string>> entries) {
    std::vector<Route> result;
    for (auto& [method, path] : entries)
        result.push_back({.method = method, .path = path});
    return result;
}

TEST(RouteTable, PrefersTheMoreSpecificRoute) {
    const auto all = routes({{Method::kGet, "/items/{id}"},
                             {Method::kGet, "/items/stats"},
                             {Method::kGet, "/items/{id}/parts"},
                             {Method::kGet, "/{*path}"}});
    const RouteTable table(all);
    EXPECT_EQ(table.find(Method::kGet, "/items/stats").route, &all[1]);
    EXPECT_EQ(table.find(Method::kGet, "/items/7").route, &all[0]);
    EXPECT_EQ(table.find(Method::kGet, "/items/stats/parts").route, &all[2]);
    EXPECT_EQ(table.find(Method::kGet, "/other/place").route, &all[3]);
    EXPECT_EQ(table.find(Method::kGet, "/").route, &all[3]);
}

TEST(RouteTable, DecodesParameters) {
    const auto all = routes({{Method::kGet, "/a/{x}/{*rest}"}});
    const RouteTable table(all);
    EXPECT_THAT(table.find(Method::kGet, "/a/1%2F2/b/c").parameters,
                ElementsAre(Pair("x", "1/2"), Pair("rest", "b/c")));
    EXPECT_THAT(table.find(Method::kGet, "/a/1").parameters,
                ElementsAre(Pair("x", "1"), Pair("rest", "")));
    EXPECT_TRUE(table.find(Method::kGet, "/a/%zz/b").malformed);
}

TEST(RouteTable, TellsAnUnknownPathFromAnUnknownMethod) {
    const auto all = routes({{Method::kGet, "/items"}, {Method::kPost, "/items"}});
    const RouteTable table(all);
    const auto wrong_method = table.find(Method::kDelete, "/items");
    EXPECT_EQ(wrong_method.route, nullptr);
    EXPECT_THAT(wrong_method.allowed, ElementsAre(Method::kGet, Method::kHead, Method::kPost));
    EXPECT_TRUE(table.find(Method::kGet, "/items/").allowed.empty());
    EXPECT_TRUE(table.find(Method::kGet, "items").allowed.empty());
    EXPECT_EQ(table.find(Method::kHead, "/items").route, &all[0]);
}

TEST(RouteTable, RefusesAmbiguousAndMalformedRoutes) {
    for (const auto& paths : {std::vector<std::pair<Method, std::string>>{{Method::kGet, "/a/{x}"},
                                                                          {Method::kGet, "/a/{y}"}},
                              {{Method::kGet, "a"}},
                              {{Method::kGet, "/{a"}},
                              {{Method::kGet, "/x{a}"}},
                              {{Method::kGet, "/{*a}/b"}}}) {
        const auto all = routes(paths);
        EXPECT_THROW(RouteTable{all}, std::logic_error) << paths.front().second;
    }
}

}  // namespace

// Cookies as parameters.
#include <gtest/gtest.h>

#include <web/app.hpp>
#include <web/cookie.hpp>
#include <web/test_client.hpp>

namespace {

using Theme = schema::OneOf<"light", "dark">;

struct Seen {
    std::string theme;
};
BOOST_DESCRIBE_STRUCT(Seen, (), (theme))

base::Task<Seen> show(web::Cookie<"theme", schema::Default<Theme, base::FixedString("light")>> c) {
    co_return Seen{std::string(c.view())};
}

base::Task<Seen> require(web::Cookie<"theme", Theme> theme) {
    co_return Seen{std::string(theme.view())};
}

class Cookie : public testing::Test {
protected:
    Cookie() { app.include(web::Router("").get<"/", show>("Show").get<"/need", require>("Need")); }
    web::App app{{.title = "Test", .version = "1"}};
    web::TestClient client{app};
};

TEST(FindCookie, TakesTheFirstOfThatName) {
    EXPECT_EQ(web::find_cookie("a=1; b=2; a=3", "a"), "1");
    EXPECT_EQ(web::find_cookie("a=1; b=2", "b"), "2");
    EXPECT_EQ(web::find_cookie("a=1;b= 2 ", "b"), "2");
    EXPECT_EQ(web::find_cookie("a=\"x y\"", "a"), "x y");
    EXPECT_EQ(web::find_cookie("a=b=c", "a"), "b=c");
    EXPECT_EQ(web::find_cookie("a=", "a"), "");
}

TEST(FindCookie, IsNotMisledByWhatLooksAlike) {
    for (const auto* header : {"", ";", "=", "a", "aa=1", "A=1", "b=a=1", "\"a\"=1"}) {
        EXPECT_EQ(web::find_cookie(header, "a"), std::nullopt) << header;
    }
}

TEST_F(Cookie, IsReadAndChecked) {
    const std::string dark = "session=1; theme=dark";
    EXPECT_EQ(client.get("/", {{"Cookie", dark}}).body, R"({"theme":"dark"})");
    EXPECT_EQ(client.get("/").body, R"({"theme":"light"})");
    const auto refused = client.get("/", {{"Cookie", "theme=pink"}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.json().at_pointer("/errors/0/in"), "cookie");
    EXPECT_EQ(refused.json().at_pointer("/errors/0/pointer"), "/theme");
    EXPECT_EQ(client.get("/need").json().at_pointer("/errors/0/code"), "missing");
}

TEST_F(Cookie, IsDocumented) {
    const boost::json::value document = app.openapi();
    const auto& parameter = document.at_pointer("/paths/~1need/get/parameters/0");
    EXPECT_EQ(parameter.at("in"), "cookie");
    EXPECT_EQ(parameter.at("required"), true);
}

}  // namespace

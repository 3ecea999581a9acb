// Fields that may come several times.
#include <gtest/gtest.h>

#include <web/app.hpp>
#include <web/extract.hpp>
#include <web/test_client.hpp>

namespace {

enum class Size { small, large };
BOOST_DESCRIBE_ENUM(Size, small, large)

using Tags = schema::Constrained<std::vector<std::int32_t>, schema::max_items(3)>;
using Sizes = schema::Constrained<std::vector<Size>, schema::min_items(1)>;

struct Filter {
    Sizes size;
    std::vector<std::string> word;
    schema::Default<bool, false> strict;
};
BOOST_DESCRIBE_STRUCT(Filter, (), (size, word, strict))

struct Answer {
    std::vector<std::int32_t> tags;
};
BOOST_DESCRIBE_STRUCT(Answer, (), (tags))

base::Task<Answer> by_tag(web::Query<"tag", Tags> tags) {
    co_return Answer{tags};
}
base::Task<Filter> by_filter(web::QueryParams<Filter> filter) {
    co_return filter;
}

class QueryList : public testing::Test {
protected:
    QueryList() {
        app.include(web::Router("").get<"/tag", by_tag>("Tags").get<"/filter", by_filter>("All"));
    }
    web::App app{{.title = "Test", .version = "1"}};
    web::TestClient client{app};
};

TEST_F(QueryList, KeepsEveryValueInOrder) {
    EXPECT_EQ(client.get("/tag?tag=3&x=9&tag=1").body, R"({"tags":[3,1]})");
    EXPECT_EQ(client.get("/tag").body, R"({"tags":[]})");
    EXPECT_EQ(client.get("/filter?word=b&size=large&word=&size=small").body,
              R"({"size":["large","small"],"word":["b",""],"strict":false})");
}

TEST_F(QueryList, NamesTheElementThatIsWrong) {
    const auto reply = client.get("/tag?tag=1&tag=x");
    EXPECT_EQ(reply.status, 422);
    EXPECT_EQ(reply.json().at_pointer("/errors/0/pointer"), "/tag/1");
}

TEST_F(QueryList, HasBounds) {
    const auto code = [this](const std::string& target) {
        return client.get(target).json().at_pointer("/errors/0/code");
    };
    EXPECT_EQ(code("/tag?tag=1&tag=2&tag=3&tag=4"), "too_many_items");
    EXPECT_EQ(code("/filter"), "too_few_items");
    EXPECT_EQ(code("/filter?size=small&strict=true&strict=true"), "duplicate_field");
}

TEST_F(QueryList, IsDocumented) {
    const boost::json::value document = app.openapi();
    const auto& tag = document.at_pointer("/paths/~1tag/get/parameters/0");
    EXPECT_EQ(tag.at("required"), false);
    EXPECT_EQ(tag.at_pointer("/schema/type"), "array");
    EXPECT_EQ(tag.at_pointer("/schema/maxItems"), 3);
    const auto& size = document.at_pointer("/paths/~1filter/get/parameters/0");
    EXPECT_EQ(size.at("required"), true);
    EXPECT_EQ(size.at_pointer("/schema/items/enum"), boost::json::parse(R"(["small","large"])"));
}

}  // namespace

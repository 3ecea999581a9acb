// Described enums as JSON.
#include <gtest/gtest.h>

#include <schema/schema.hpp>

namespace {

enum class Color { red, green };
BOOST_DESCRIBE_ENUM(Color, red, green)

std::optional<Color> decode(const schema::Value& value, std::vector<schema::Issue>& issues) {
    return schema::Codec<Color>::decode(value, schema::Issues(issues));
}

TEST(EnumCodec, ReadsAndWritesTheNamesOfEnumerators) {
    std::vector<schema::Issue> issues;
    EXPECT_EQ(decode(schema::Value::from_text("green"), issues), Color::green);
    EXPECT_EQ(schema::to_json(Color::red), "\"red\"");
    EXPECT_TRUE(issues.empty());
}

TEST(EnumCodec, RefusesOtherNames) {
    for (const auto* wrong : {"", "Red", "blue", "1"}) {
        std::vector<schema::Issue> issues;
        EXPECT_FALSE(decode(schema::Value::from_text(wrong), issues)) << wrong;
        ASSERT_EQ(issues.size(), 1U);
        EXPECT_EQ(issues[0].code, "one_of");
        EXPECT_EQ(issues[0].message, "must be one of red, green");
    }
}

TEST(EnumCodec, ListsItsValues) {
    schema::Components components;
    EXPECT_EQ(boost::json::value(schema::Codec<Color>::describe(components)),
              boost::json::parse(R"({"type":"string","enum":["red","green"]})"));
}

struct Exemplary {
    Color color;
    schema::Constrained<std::int32_t, schema::among(1, 2, 3)> count;
};
BOOST_DESCRIBE_STRUCT(Exemplary, (), (color, count))
std::string_view text;
std::string_view example(std::type_identity<Exemplary>) {
    return text;
}

TEST(Example, IsPartOfTheDescription) {
    schema::Components components;
    text = R"({"color":"red","count":2})";
    (void)schema::Codec<Exemplary>::describe(components);
    const auto schema = components.to_json().at("Exemplary");
    EXPECT_EQ(schema.at("examples").at(0), boost::json::parse(text));
    EXPECT_EQ(schema.at("properties").at("count").at("enum"), boost::json::parse("[1,2,3]"));
}

TEST(Example, HasToBeValid) {
    for (const auto* wrong : {"", R"({"color":"red"})", R"({"color":"red","count":4})"}) {
        schema::Components components;
        text = wrong;
        EXPECT_THROW((void)schema::Codec<Exemplary>::describe(components), std::logic_error);
    }
}

}  // namespace

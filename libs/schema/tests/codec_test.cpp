#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <schema/schema.hpp>

namespace {

using schema::Codec;
using schema::Issue;
using schema::Issues;
using schema::Value;
using testing::ElementsAre;

using Name = schema::Constrained<std::string, schema::min_length(1), schema::max_length(5)>;

struct Tag {
    std::string label;
};
BOOST_DESCRIBE_STRUCT(Tag, (), (label))

struct Thing {
    Name name;
    std::optional<std::string> note;
    base::Decimal<2> price;
    std::int32_t quantity;
    std::vector<Tag> tags;
};
BOOST_DESCRIBE_STRUCT(Thing, (), (name, note, price, quantity, tags))

struct ThingPatch {
    schema::Omissible<Name> name;
    schema::Omissible<std::optional<std::string>> note;
};
BOOST_DESCRIBE_STRUCT(ThingPatch, (), (name, note))

struct Options {
    schema::Default<std::int32_t, 20> limit;
    schema::Default<schema::OneOf<"asc", "desc">, base::FixedString("asc")> order;
    std::optional<bool> verbose;
};
BOOST_DESCRIBE_STRUCT(Options, (), (limit, order, verbose))

struct Range {
    std::int32_t low;
    std::int32_t high;
};
BOOST_DESCRIBE_STRUCT(Range, (), (low, high))
bool validate(const Range& range, const Issues& issues) {
    if (range.low <= range.high) return true;
    issues.at("high").fail("range", "must not be below low");
    return false;
}

template <class T>
std::optional<T> decode(std::string_view json, std::vector<Issue>& issues) {
    auto parsed = schema::parse(json);
    EXPECT_TRUE(std::holds_alternative<Value>(parsed)) << json;
    return Codec<T>::decode(std::get<Value>(parsed), Issues(issues));
}

template <class T>
std::vector<std::string> problems(std::string_view json) {
    std::vector<Issue> issues;
    EXPECT_FALSE(decode<T>(json, issues));
    std::vector<std::string> lines;
    for (const auto& issue : issues)
        lines.push_back(issue.pointer + " " + issue.code);
    return lines;
}

TEST(StructCodec, ReadsAndWritesEveryMember) {
    std::vector<Issue> issues;
    const auto thing = decode<Thing>(
        R"({"price": 1.50, "name": "abc", "quantity": 3, "tags": [{"label": "x"}]})", issues);
    ASSERT_TRUE(thing);
    EXPECT_EQ(thing->name, "abc");
    EXPECT_EQ(thing->note, std::nullopt);
    EXPECT_EQ(thing->price.units(), 150);
    EXPECT_EQ(schema::to_json(*thing),
              R"({"name":"abc","note":null,"price":1.50,"quantity":3,"tags":[{"label":"x"}]})");
}

TEST(StructCodec, ReportsEveryIssueWithItsPlace) {
    EXPECT_THAT(
        problems<Thing>(R"({"name": "", "price": 1.005, "quantity": 1e10,
                                    "tags": [{"label": "x"}, {"label": 7, "a/b~": 1}]})"),
        ElementsAre("/name string_too_short", "/price decimal_places", "/quantity int_range",
                    "/tags/1/label string_type", "/tags/1/a~1b~0 unknown_field"));
}

TEST(StructCodec, RefusesMissingUnknownAndRepeatedMembers) {
    EXPECT_THAT(problems<Tag>("{}"), ElementsAre("/label missing"));
    EXPECT_THAT(problems<Tag>(R"({"label": "a", "extra": 1})"),
                ElementsAre("/extra unknown_field"));
    EXPECT_THAT(problems<Tag>(R"({"label": "a", "label": "b"})"),
                ElementsAre("/label duplicate_field"));
    EXPECT_THAT(problems<Tag>("[]"), ElementsAre(" object_type"));
    EXPECT_THAT(problems<Tag>("null"), ElementsAre(" object_type"));
}

TEST(StructCodec, ChecksMembersTogetherOnceEachIsValid) {
    std::vector<Issue> issues;
    EXPECT_TRUE(decode<Range>(R"({"low": 1, "high": 1})", issues));
    EXPECT_THAT(problems<Range>(R"({"low": 2, "high": 1})"), ElementsAre("/high range"));
    EXPECT_THAT(problems<Range>(R"({"low": 2, "high": true})"), ElementsAre("/high int_type"));
}

TEST(StructCodec, LimitsTheNumberOfIssues) {
    std::string list = "[0";
    for (int i = 0; i < 1'000; ++i)
        list += ",0";
    EXPECT_EQ(problems<std::vector<Tag>>(list + "]").size(), schema::kMaxIssues);
}

TEST(OmissibleCodec, TellsAbsentFromNull) {
    std::vector<Issue> issues;
    const auto nothing = decode<ThingPatch>("{}", issues);
    EXPECT_FALSE(nothing->name.present());
    EXPECT_FALSE(nothing->note.present());
    const auto cleared = decode<ThingPatch>(R"({"note": null})", issues);
    ASSERT_TRUE(cleared->note.present());
    EXPECT_EQ(*cleared->note, std::nullopt);
    EXPECT_EQ(schema::to_json(*cleared), R"({"note":null})");
    EXPECT_THAT(problems<ThingPatch>(R"({"name": null})"), ElementsAre("/name string_type"));
}

TEST(DefaultCodec, FillsWhatIsMissing) {
    std::vector<Issue> issues;
    const auto options = decode<Options>("{}", issues);
    ASSERT_TRUE(options);
    EXPECT_EQ(options->limit, 20);
    EXPECT_EQ(options->order.view(), "asc");
    EXPECT_EQ(options->verbose, std::nullopt);
    EXPECT_THAT(problems<Options>(R"({"limit": "20", "order": "up"})"),
                ElementsAre("/limit int_type", "/order one_of"));
}

TEST(IntegerCodec, TakesAnyNotationOfAWholeNumber) {
    std::vector<Issue> issues;
    EXPECT_EQ(decode<std::int32_t>("5.0", issues), 5);
    EXPECT_EQ(decode<std::int64_t>("-9223372036854775808", issues), INT64_MIN);
    EXPECT_THAT(problems<std::int32_t>("5.5"), ElementsAre(" int_type"));
    EXPECT_THAT(problems<std::int64_t>("99999999999999999999"), ElementsAre(" int_range"));
    EXPECT_THAT(problems<std::int32_t>("true"), ElementsAre(" int_type"));
}

TEST(TextValues, AreReadAsTheTypeThatIsAskedFor) {
    std::vector<Issue> issues;
    const Issues none(issues);
    EXPECT_EQ(Codec<std::int32_t>::decode(Value::from_text("20"), none), 20);
    EXPECT_EQ(Codec<bool>::decode(Value::from_text("true"), none), true);
    EXPECT_EQ(Codec<std::string>::decode(Value::from_text("20"), none), "20");
    EXPECT_EQ(Codec<base::Decimal<2>>::decode(Value::from_text("9.5"), none)->units(), 950);
    EXPECT_TRUE(issues.empty());
    EXPECT_EQ(Codec<std::int32_t>::decode(Value::from_text(" 20"), none), std::nullopt);
    EXPECT_EQ(Codec<std::string>::decode(Value::from_text("\xFF"), none), std::nullopt);
}

TEST(Describe, DerivesJsonSchemaFromTheTypes) {
    schema::Components components;
    EXPECT_EQ(Codec<Thing>::describe(components)["$ref"], "#/components/schemas/Thing");
    const auto all = components.to_json();
    const auto& thing = all.at("Thing").as_object();
    EXPECT_EQ(boost::json::serialize(thing.at("required")),
              R"(["name","price","quantity","tags"])");
    EXPECT_EQ(thing.at("additionalProperties"), false);
    const auto& properties = thing.at("properties").as_object();
    EXPECT_EQ(boost::json::serialize(properties.at("name")),
              R"({"type":"string","minLength":1,"maxLength":5})");
    EXPECT_EQ(boost::json::serialize(properties.at("note")), R"({"type":["string","null"]})");
    EXPECT_EQ(boost::json::serialize(properties.at("tags")),
              R"({"type":"array","items":{"$ref":"#/components/schemas/Tag"}})");
    EXPECT_TRUE(all.contains("Tag"));
}

TEST(Describe, RequiresEveryMemberOfWhatIsOnlyWritten) {
    const auto required = [](const schema::Components& components) {
        const auto all = components.to_json();
        return boost::json::serialize(all.at("Thing").at("required"));
    };
    schema::Components components;
    {
        const schema::Components::OutputScope output(components);
        (void)Codec<Thing>::describe(components);
    }
    EXPECT_EQ(required(components), R"(["name","note","price","quantity","tags"])");
    (void)Codec<Thing>::describe(components);
    EXPECT_EQ(required(components), R"(["name","price","quantity","tags"])");
}

namespace elsewhere {
struct Tag {
    std::int32_t number;
};
BOOST_DESCRIBE_STRUCT(Tag, (), (number))
}  // namespace elsewhere

TEST(Describe, RefusesTwoTypesOfOneName) {
    schema::Components components;
    (void)Codec<Tag>::describe(components);
    EXPECT_THROW((void)Codec<elsewhere::Tag>::describe(components), std::logic_error);
}

}  // namespace

#include <csv/row_reader.hpp>
#include <csv/writer.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Name =
    schema::Constrained<std::string, schema::trimmed, schema::min_length(1), schema::max_length(8)>;
using Price = schema::Constrained<base::Decimal<2>, schema::ge(0)>;

struct Thing {
    Name name;
    std::optional<std::string> note;
    Price price;

    friend bool operator==(const Thing&, const Thing&) = default;
};
BOOST_DESCRIBE_STRUCT(Thing, (), (name, note, price))

struct Outcome {
    std::vector<Thing> rows;
    std::vector<std::string> issues;  // "pointer code"
    std::size_t read = 0;
};

constexpr csv::RowLimits kLimits{.rows = 1000, .record_bytes = 100};

Outcome read(std::string_view text, csv::RowLimits limits = kLimits) {
    constexpr std::string_view kIgnored[] = {"id"};
    std::vector<schema::Issue> issues;
    const schema::Issues body(issues);
    const auto file = body.at("file");
    csv::RowReader<Thing> reader(file, limits, kIgnored);
    Outcome outcome;
    const auto take = [&] {
        while (auto row = reader.next())
            outcome.rows.push_back(*std::move(row));
    };
    for (; !text.empty() && !reader.ended(); text.remove_prefix(std::min(text.size(), 7UL))) {
        reader.feed(text.substr(0, 7));
        take();
    }
    reader.finish();
    take();
    for (const auto& issue : issues)
        outcome.issues.push_back(issue.pointer + " " + issue.code);
    outcome.read = reader.rows();
    return outcome;
}

std::string write(const std::vector<Thing>& things) {
    std::string text;
    csv::append_header<Thing>(text);
    for (const auto& thing : things)
        csv::append_row(text, thing);
    return text;
}

Thing thing(std::string name, std::optional<std::string> note, std::int64_t cents) {
    std::vector<schema::Issue> issues;
    const schema::Issues context(issues);
    return {*Name::parse(std::move(name), context), std::move(note),
            *Price::parse(base::Decimal<2>::from_units(cents), context)};
}

TEST(Rows, FindsColumnsByTheirNames) {
    const auto outcome = read("price;id; name \n1.5;17;a\n2;;b\n");
    EXPECT_THAT(outcome.issues, IsEmpty());
    EXPECT_THAT(outcome.rows,
                ElementsAre(thing("a", std::nullopt, 150), thing("b", std::nullopt, 200)));
}

TEST(Rows, RefusesColumnsThatAreUnknownMissingOrRepeated) {
    const auto outcome = read("name,colour,name,a/b,id,id\nx,,,,,\n");
    EXPECT_THAT(outcome.issues,
                ElementsAre("/file/1/colour unknown_column", "/file/1/name repeated_column",
                            "/file/1/a~1b unknown_column", "/file/1/id repeated_column",
                            "/file/1/price missing_column"));
    EXPECT_THAT(outcome.rows, IsEmpty());
}

TEST(Rows, ReportsWhatIsWrongByLineAndColumn) {
    const auto outcome = read(
        "name,note,price\n"
        ",\"two\nlines\",x\n"
        "fine,,1\n"
        "short,1\n"
        "\xFF,\xFE,-1\n"
        "long name indeed,,1.005\n");
    EXPECT_THAT(
        outcome.issues,
        ElementsAre("/file/2/name string_too_short", "/file/2/price decimal_type",
                    "/file/5 cell_count", "/file/6/name invalid_utf8", "/file/6/note invalid_utf8",
                    "/file/7/name string_too_long", "/file/7/price decimal_places"));
    EXPECT_THAT(outcome.rows, ElementsAre(thing("fine", std::nullopt, 100)));
    EXPECT_EQ(outcome.read, 5);
}

TEST(Rows, RefusesWhatHasNoRowOrTooMany) {
    EXPECT_THAT(read("").issues, ElementsAre("/file empty"));
    EXPECT_THAT(read("\n\n").issues, ElementsAre("/file empty"));
    EXPECT_THAT(read("name,price\n").issues, ElementsAre("/file no_rows"));
    const csv::RowLimits two{.rows = 2, .record_bytes = 100};
    EXPECT_THAT(read("name,price\na,1\nb,1\n", two).issues, IsEmpty());
    const auto three = read("name,price\na,1\nb,1\nc,1\nd,1\n", two);
    EXPECT_THAT(three.issues, ElementsAre("/file/4 too_many_rows"));
    EXPECT_EQ(three.rows.size(), 2);
}

TEST(Rows, StopsWhereTheTextIsNoCsv) {
    const auto outcome = read("name,price\na,1\nb,\"1\nc,1\n");
    EXPECT_THAT(outcome.issues, ElementsAre("/file/3/price unclosed_quote"));
    EXPECT_EQ(outcome.rows.size(), 1);
    EXPECT_THAT(read("na\"me,price\n").issues, ElementsAre("/file/1 quote"));
    EXPECT_THAT(read("name,price\na,1,2,3\"\n").issues, ElementsAre("/file/2 quote"));
}

TEST(Rows, CollectsNoMoreIssuesThanAnAnswerHolds) {
    std::string text = "name,price\n";
    for (int i = 0; i < 500; ++i)
        text += "a,x\n";
    const auto outcome = read(text);
    EXPECT_EQ(outcome.issues.size(), schema::kMaxIssues);
    EXPECT_EQ(outcome.issues.back(), "/file/101/price decimal_type");
}

TEST(Rows, AreReadBackAsTheyWereWritten) {
    const std::vector<Thing> things{
        thing("plain", std::nullopt, 3990),
        thing("a;b,c", "", 0),
        thing("\"q\"", "line\nbreak\r\n", 1),
        thing("=1+1", "@x", 2),
        thing("'=1", "''-", 3),
        thing("+4 -", "'plain", 4),
        thing("-5", "\t=x", 5),
        thing("'", "\r\n=x", 6),
        thing("é🦤", "null", 7),
    };
    const auto outcome = read(write(things));
    EXPECT_THAT(outcome.issues, IsEmpty());
    EXPECT_EQ(outcome.rows, things);
}

TEST(Rows, NeutraliseFormulas) {
    EXPECT_EQ(write({thing("=1+1", "-a,\"b\"", 150), thing("'=1", "", 2)}),
              "name,note,price\r\n'=1+1,\"'-a,\"\"b\"\"\",1.50\r\n''=1,\"\",0.02\r\n");
    for (const std::string_view cell : {"=x", "+x", "-x", "@x", "\tx", "\rx", "\nx", "'@x"}) {
        std::string out;
        csv::append_text(out, cell);
        EXPECT_THAT(out, testing::AnyOf(testing::StartsWith("'"), testing::StartsWith("\"'")));
    }
    EXPECT_EQ(csv::without_apostrophe("'s-Hertogenbosch"), "'s-Hertogenbosch");
    EXPECT_EQ(csv::without_apostrophe("'=x"), "=x");
    EXPECT_EQ(csv::without_apostrophe("=x"), "=x");
}

}  // namespace

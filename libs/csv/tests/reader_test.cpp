#include <csv/reader.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t kLimit = 1000;

struct Outcome {
    std::vector<std::string> records;  // "line:cell|cell", a quoted cell in brackets
    std::string error;                 // "line.cell code"
};

void take_records(csv::Reader& reader, Outcome& outcome) {
    while (const auto record = reader.next()) {
        std::string text = std::to_string(record->line) + ":";
        for (const auto& cell : record->cells) {
            if (&cell != record->cells.data()) text += '|';
            text += cell.quoted ? "[" + std::string(cell.text) + "]" : std::string(cell.text);
        }
        outcome.records.push_back(std::move(text));
    }
}

Outcome read(std::string_view text, std::size_t piece = std::string_view::npos,
             std::size_t limit = kLimit) {
    csv::Reader reader(limit);
    Outcome outcome;
    while (!text.empty()) {
        reader.feed(text.substr(0, piece));
        text.remove_prefix(std::min(piece, text.size()));
        take_records(reader, outcome);
    }
    reader.finish();
    take_records(reader, outcome);
    if (const auto& error = reader.error()) {
        outcome.error =
            std::to_string(error->line) + "." + std::to_string(error->cell) + " " + error->code;
    }
    return outcome;
}

struct Case {
    std::string_view text;
    std::vector<std::string> records;
    std::string error = "";
};

const Case kCases[] = {
    {"", {}},
    {"\n\r\n", {}},
    {"\xEF\xBB\xBF", {}},
    {"\xEF\xBB\xBF"
     "a,b\n",
     {"1:a|b"}},
    {"\xEF\xBBx,b", {"1:\xEF\xBBx|b"}},
    {"\xEF\xBB", {"1:\xEF\xBB"}},
    {"a,b\n1,2\n", {"1:a|b", "2:1|2"}},
    {"a,b\r\n1,2\r\n", {"1:a|b", "2:1|2"}},
    {"a,b\n1,2", {"1:a|b", "2:1|2"}},
    {"a;b\n1,5;2\n", {"1:a|b", "2:1,5|2"}},
    {"a,b\n1;5,2\n", {"1:a|b", "2:1;5|2"}},
    {"\"a,x\";b\n", {"1:[a,x]|b"}},
    {"a\n1;2\n", {"1:a", "2:1|2"}},
    {"a,b\n\n\r\n1,2\n\n", {"1:a|b", "4:1|2"}},
    {"a,b\n,\n", {"1:a|b", "2:|"}},
    {"a,b\n\"\",\n", {"1:a|b", "2:[]|"}},
    {"a\n\"\"\n", {"1:a", "2:[]"}},
    {"\"a \"\"b\"\"\",\"\"\"\"\n", {"1:[a \"b\"]|[\"]"}},
    {"\"a\nb\r\nc\",d\ne,f\n", {"1:[a\nb\r\nc]|d", "4:e|f"}},
    {"\"a\"\r\n\"b\"", {"1:[a]", "2:[b]"}},
    {" a , b \n", {"1: a | b "}},
    // What could be read in two ways.
    {"a\nb\rc\n", {"1:a"}, "2.1 line_end"},
    {"a\nb\r", {"1:a"}, "2.1 line_end"},
    {"a,b\n1,2\"3\n", {"1:a|b"}, "2.2 quote"},
    {"a,b\n1, \"2\"\n", {"1:a|b"}, "2.2 quote"},
    {"a,b\n\"1\"2,3\n", {"1:a|b"}, "2.1 text_after_quote"},
    {"a,b\n1,\"2\n3\n", {"1:a|b"}, "2.2 unclosed_quote"},
    {std::string_view("a\0,\0b\n", 6), {}, "1.1 nul"},
    {std::string_view("a,\"b\0\"\n", 7), {}, "1.2 nul"},
};

TEST(Reader, ReadsRecordsHoweverTheTextIsCut) {
    for (const auto& [text, records, error] : kCases) {
        for (const std::size_t piece : {std::string_view::npos, 3UL, 2UL, 1UL}) {
            SCOPED_TRACE(testing::PrintToString(text) + " in pieces of " + std::to_string(piece));
            const auto outcome = read(text, piece);
            EXPECT_EQ(outcome.records, records);
            EXPECT_EQ(outcome.error, error);
        }
    }
}

TEST(Reader, BoundsARecord) {
    for (const std::size_t piece : {std::string_view::npos, 4UL, 1UL}) {
        EXPECT_THAT(read("abcd,efgh\n", piece, 9).records, ElementsAre("1:abcd|efgh"));
        EXPECT_EQ(read("abcd,efghi\n", piece, 9).error, "1.2 record_too_long");
        EXPECT_EQ(read("a\n\"12\n4567890", piece, 9).error, "2.1 record_too_long");
        EXPECT_EQ(read("a\n,,,,,,,,,,\n", piece, 9).error, "2.11 record_too_long");
        EXPECT_EQ(read("1234567890", piece, 9).error, "1.1 record_too_long");
    }
}

TEST(Reader, YieldsNothingBehindAnError) {
    csv::Reader reader(kLimit);
    reader.feed("a\"\nb\n");
    EXPECT_FALSE(reader.next());
    reader.feed("c\n");
    reader.finish();
    EXPECT_FALSE(reader.next());
    EXPECT_EQ(reader.error()->code, "quote");
}

}  // namespace

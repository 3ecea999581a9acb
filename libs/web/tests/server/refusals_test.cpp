// What a broken or hostile client gets: an answer that it can read, and never another client's
// service.
#include <ostream>

#include "server_fixture.hpp"

namespace web::testing {
namespace {

struct Malformed {
    const char* name;
    std::string bytes;
    int status;

    friend void PrintTo(const Malformed& request, std::ostream* out) { *out << request.name; }
};

class Refusal : public ::testing::TestWithParam<Malformed> {};

TEST_P(Refusal, IsAnsweredAndCloses) {
    RunningServer server;
    const auto reply = exchange(server.port(), GetParam().bytes);
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 " + std::to_string(GetParam().status) + " ")) << reply;
    EXPECT_NE(reply.find("\r\nConnection: close\r\n"), std::string::npos) << reply;
    EXPECT_NE(reply.find("application/problem+json"), std::string::npos) << reply;
    EXPECT_EQ(server.handler.requests, 0);
    EXPECT_EQ(server.handler.refusals, 1);
    // One answer, whatever followed the refused request: that is how smuggling fails.
    EXPECT_EQ(reply.find("HTTP/1.1 ", 1), std::string::npos) << reply;
}

std::string with(const std::string& fields, const std::string& body = "") {
    return "POST / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n" + body;
}

const std::string kSmuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string kChunked = "Transfer-Encoding: chunked\r\n";

INSTANTIATE_TEST_SUITE_P(
    RequestLine, Refusal,
    ::testing::Values(
        Malformed{"Garbage", "\xff\xfe\x80garbage\r\n\r\n", 400},
        Malformed{"Tls", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), 400},
        Malformed{"NulInMethod", std::string("G\0T / HTTP/1.1\r\n\r\n", 18), 400},
        Malformed{"NoVersion", "GET /\r\n\r\n", 400},
        Malformed{"BadVersion", "GET / HTTP/x\r\nHost: h\r\n\r\n", 400},
        Malformed{"Http2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        Malformed{"Http3", "GET / HTTP/3.0\r\nHost: h\r\n\r\n", 505},
        Malformed{"BareLineFeeds", "GET / HTTP/1.1\nHost: h\n\n", 400},
        Malformed{"BareCarriageReturn", "GET / HTTP/1.1\rHost: h\r\r", 400},
        Malformed{"TwoSpaces", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Malformed{"UnknownMethod", "BREW / HTTP/1.1\r\nHost: h\r\n\r\n", 501},
        Malformed{"LowerCaseMethod", "get / HTTP/1.1\r\nHost: h\r\n\r\n", 501},
        Malformed{"Connect", "CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n", 501},
        Malformed{"RelativeTarget", "GET a HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Malformed{"AsteriskOfGet", "GET * HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Malformed{"Fragment", "GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Malformed{"RawUtf8", "GET /caf\xc3\xa9 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Malformed{"UserInAuthority", "GET http://u@h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Malformed{"EmptyAuthority", "GET http:///a HTTP/1.1\r\nHost: h\r\n\r\n", 400}),
    [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Header, Refusal,
    ::testing::Values(Malformed{"NoHost", "GET / HTTP/1.1\r\n\r\n", 400},
                      Malformed{"TwoHosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
                      Malformed{"BadHost", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
                      Malformed{"SpaceBeforeColon", with("X : y\r\n"), 400},
                      Malformed{"NoColon", with("nonsense\r\n"), 400},
                      Malformed{"EmptyName", with(": y\r\n"), 400},
                      Malformed{"NulInValue", with(std::string("X: a\0b\r\n", 8)), 400},
                      Malformed{"BareLineFeedInValue", with("X: a\nY: b\r\n"), 400},
                      Malformed{"BareCarriageReturnInValue", with("X: a\rY: b\r\n"), 400},
                      Malformed{"FoldedValue", with("X: a\r\n b\r\n"), 400},
                      Malformed{"FoldedByATab", with("X: a\r\n\tb\r\n"), 400},
                      Malformed{"FoldedAfterTheName", with("X:\r\n a\r\n"), 400},
                      Malformed{"FoldedBeforeTheEnd", with("X: a\r\n \r\n"), 400},
                      Malformed{"FoldedFirstLine", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", 400},
                      Malformed{"OtherExpectation", with("Expect: tea\r\n"), 417},
                      Malformed{"Large", with("X: " + std::string(100UL * 1024, 'x') + "\r\n"),
                                431},
                      Malformed{"LargeTarget", "GET /" + std::string(100UL * 1024, 'x'), 431},
                      Malformed{"ManyFields", with([] {
                                    std::string fields;
                                    for (int i = 0; i < 200; ++i)
                                        fields += "X: y\r\n";
                                    return fields;
                                }()),
                                431}),
    [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Framing, Refusal,
    ::testing::Values(
        Malformed{"BothFramings", with("Content-Length: 5\r\n" + kChunked, "0\r\n\r\n" + kSmuggled),
                  400},
        Malformed{"BothFramingsReversed",
                  with(kChunked + "Content-Length: 5\r\n", "0\r\n\r\n" + kSmuggled), 400},
        Malformed{"TwoLengths", with("Content-Length: 0\r\nContent-Length: 9\r\n", kSmuggled), 400},
        Malformed{"SameLengthTwice",
                  with("Content-Length: 1\r\nContent-Length: 1\r\n", "x" + kSmuggled), 400},
        Malformed{"LengthList", with("Content-Length: 1, 1\r\n", "x"), 400},
        Malformed{"SignedLength", with("Content-Length: +1\r\n", "x"), 400},
        Malformed{"NegativeLength", with("Content-Length: -1\r\n"), 400},
        Malformed{"HexLength", with("Content-Length: 0x1\r\n", "x"), 400},
        Malformed{"EmptyLength", with("Content-Length:\r\n"), 400},
        Malformed{"HugeLength", with("Content-Length: 99999999999999999999\r\n"), 400},
        Malformed{"UnknownCoding", with("Transfer-Encoding: gzip\r\n", kSmuggled), 501},
        Malformed{"ChunkedNotLast", with("Transfer-Encoding: chunked, gzip\r\n", kSmuggled), 501},
        Malformed{"ChunkedNotAlone", with("Transfer-Encoding: gzip, chunked\r\n", kSmuggled), 501},
        Malformed{"ChunkedTwice", with(kChunked + kChunked, "0\r\n\r\n" + kSmuggled), 400},
        Malformed{"ObscuredCoding", with("Transfer-Encoding: xchunked\r\n", kSmuggled), 501},
        Malformed{"CodingOfHttp10", "POST / HTTP/1.0\r\n" + kChunked + "\r\n0\r\n\r\n", 400},
        Malformed{"FoldedCoding", with("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"), 400},
        Malformed{"FoldedOtherCoding", with("Transfer-Encoding: gzip,\r\n\tchunked\r\n"), 400},
        Malformed{"FoldedLength", with("Content-Length:\r\n 1\r\n", "x"), 400},
        Malformed{"BadChunkSize", with(kChunked, "zz\r\n"), 400},
        Malformed{"NegativeChunkSize", with(kChunked, "-1\r\n"), 400},
        Malformed{"EndlessChunkSize", with(kChunked, "FFFFFFFFFFFFFFFFF\r\n"), 400},
        Malformed{"ChunkWithoutEnd", with(kChunked, "1\r\nxy\r\n0\r\n\r\n"), 400},
        Malformed{"BareLineFeedInChunk", with(kChunked, "1;a=\"\n\"\r\nx\r\n0\r\n\r\n"), 400},
        Malformed{"LargeExtension", with(kChunked, "1;a=" + std::string(40'000, 'x')), 400},
        Malformed{"OversizedChunk", with(kChunked, "200000\r\n"), 413},
        Malformed{"OversizedBody", with("Content-Length: 1048577\r\n"), 413}),
    [](const auto& info) { return info.param.name; });

TEST(Refusals, ReachAClientThatGoesOnSending) {
    RunningServer server;
    const std::string body(2UL * 1024 * 1024, 'x');
    RawConnection client(server.port());
    EXPECT_TRUE(client.send(with("Content-Length: 2097152\r\n", body)));
    client.finish_sending();
    const auto reply = client.read_all();
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 413 ")) << reply;
    EXPECT_EQ(reply.find("<reset>"), std::string::npos);
}

TEST(Refusals, SumUpTheChunks) {
    RunningServer server({.max_body_bytes = 1000});
    std::string body;
    for (int i = 0; i < 11; ++i)
        body += "64\r\n" + std::string(100, 'x') + "\r\n";
    EXPECT_TRUE(exchange(server.port(), with(kChunked, body)).starts_with("HTTP/1.1 413 "));
}

TEST(Refusals, MeetTheHeaderLimitExactly) {
    constexpr std::size_t kLimit = 4096;
    RunningServer server({.max_header_bytes = kLimit});
    const auto request = [](std::size_t size) {
        std::string head = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX: ";
        head.append(size - head.size() - 4, 'x');
        return head + "\r\n\r\n";
    };
    EXPECT_TRUE(exchange(server.port(), request(kLimit)).starts_with("HTTP/1.1 200 "));
    EXPECT_TRUE(exchange(server.port(), request(kLimit + 1)).starts_with("HTTP/1.1 431 "));
}

TEST(Refusals, CountHeadersThatComeFieldByField) {
    RunningServer server({.max_header_bytes = 1024});
    RawConnection client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: h\r\n");
    for (int i = 0; i < 50 && client.send("X: 0123456789012345678901234567890123\r\n"); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_TRUE(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 431 "));
}

TEST(Refusals, SeeAFoldThatComesInTwoReads) {
    const std::string request = with("X: a\r\n b\r\n");
    for (const std::string before : {"X: a", "X: a\r", "X: a\r\n", "X: a\r\n "}) {
        RunningServer server;
        RawConnection client(server.port());
        const auto cut = request.find(before) + before.size();
        client.send(request.substr(0, cut));
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        client.send(request.substr(cut));
        EXPECT_TRUE(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 400 ")) << before;
    }
}

TEST(Refusals, TakeABodyForNoFold) {
    RunningServer server;
    RawConnection client(server.port());
    const auto head = with("Content-Length: 4\r\n");
    client.send(head.substr(0, head.size() - 1));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    client.send(head.substr(head.size() - 1) + "\r\n x");
    EXPECT_TRUE(client.read_until("\r\n x").starts_with("HTTP/1.1 200 "));
}

TEST(Refusals, AnswerARequestThatStopsHalfWay) {
    RunningServer server;
    RawConnection client(server.port());
    client.send("GET / HTTP/1.1\r\nHo");
    client.finish_sending();
    EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 400 "));
}

}  // namespace
}  // namespace web::testing

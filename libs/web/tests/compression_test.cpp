// Content codings: which one is chosen, and what is encoded at all.
#include "compression.hpp"

#include <atomic>
#include <zlib.h>

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <web/app.hpp>
#include <web/static_files.hpp>
#include <web/test_client.hpp>

namespace {

using web::Coding;

TEST(ChooseCoding, FollowsTheWeights) {
    EXPECT_EQ(web::choose_coding("gzip, deflate, br"), Coding::kBrotli);
    EXPECT_EQ(web::choose_coding("gzip, deflate"), Coding::kGzip);
    EXPECT_EQ(web::choose_coding("br;q=0.5, GZIP ; q=0.8"), Coding::kGzip);
    EXPECT_EQ(web::choose_coding("*"), Coding::kBrotli);
    EXPECT_EQ(web::choose_coding("*;q=0.5, br;q=0"), Coding::kGzip);
    EXPECT_EQ(web::choose_coding("gzip;q=0.2, identity;q=0.9"), Coding::kIdentity);
    EXPECT_EQ(web::choose_coding("gzip;q=0.2, identity;q=0"), Coding::kGzip);
    EXPECT_EQ(web::choose_coding(""), Coding::kIdentity);
    EXPECT_EQ(web::choose_coding("identity;q=0, *;q=0"), Coding::kIdentity);
    EXPECT_EQ(web::choose_coding("gzip;q=0.000"), Coding::kIdentity);
    EXPECT_EQ(web::choose_coding("gzip;q=2, br;q=x, deflate"), Coding::kIdentity);
    EXPECT_EQ(web::choose_coding(",;,=;q"), Coding::kIdentity);
}

std::string gunzip(const std::string& encoded) {
    std::string text(1024UL * 1024, '\0');
    z_stream stream{};
    inflateInit2(&stream, MAX_WBITS + 16);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(encoded.data()));
    stream.avail_in = static_cast<uInt>(encoded.size());
    stream.next_out = reinterpret_cast<Bytef*>(text.data());
    stream.avail_out = static_cast<uInt>(text.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    text.resize(stream.total_out);
    inflateEnd(&stream);
    return text;
}

class Compression : public testing::Test {
protected:
    std::string text;
    std::shared_ptr<const std::string> file;
    web::Response answer;
    web::App app{{.title = "Texts", .version = "1"}};
    web::TestClient client{app};

    Compression() {
        for (int i = 0; i < 500; ++i)
            text += "line " + std::to_string(i) + "\n";
        file = std::make_shared<const std::string>(text);
        answer = web::text_response(200, "text/plain; charset=utf-8", text);
        app.include(web::Router("/text").raw(
            web::Method::kGet, "", [this](web::Exchange&) { return web::completed(answer); }));
    }
    // Asks until the encoded form of a shared body is there, or 5 s.
    web::TestClient::Reply get_encoded(const std::string& accept,
                                       const web::Headers& headers = {}) {
        for (int i = 0;; ++i) {
            auto reply = get(accept, headers);
            if (i == 1000 || reply.header("ETag") != R"("v1")") return reply;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }
    web::TestClient::Reply get(std::string accept, web::Headers headers = {}) {
        headers.set("Accept-Encoding", std::move(accept));
        return client.get("/text", std::move(headers));
    }
};

TEST_F(Compression, EncodesAnAnswer) {
    const auto reply = get("gzip");
    EXPECT_EQ(reply.header("Content-Encoding"), "gzip");
    EXPECT_EQ(reply.header("Vary"), "Accept-Encoding");
    EXPECT_EQ(gunzip(reply.body), text);
    EXPECT_EQ(get("br, gzip").header("Content-Encoding"), "br");
    EXPECT_LT(get("br, gzip").body.size(), text.size() / 2);
}

TEST_F(Compression, SaysThatTheAnswerVariesAlsoWithoutACoding) {
    const auto reply = client.get("/text");
    EXPECT_EQ(reply.body, text);
    EXPECT_EQ(reply.header("Content-Encoding"), "");
    EXPECT_EQ(reply.header("Vary"), "Accept-Encoding");
}

TEST_F(Compression, TellsHeadWhatGetWouldGet) {
    const auto get_reply = get("gzip");
    const auto reply = client.send({.method = web::Method::kHead,
                                    .target = "/text",
                                    .headers = {{"Accept-Encoding", "gzip"}}});
    EXPECT_EQ(reply.header("Content-Encoding"), "gzip");
    EXPECT_EQ(reply.body.size(), get_reply.body.size());
}

TEST_F(Compression, LeavesOtherAnswersAlone) {
    const auto untouched = [this](web::Response response) {
        answer = std::move(response);
        const auto reply = get("gzip, br");
        return reply.header("Content-Encoding").empty() && reply.header("Vary").empty();
    };
    const auto plain = answer;
    auto other = plain;
    other.body.resize(1000);
    EXPECT_TRUE(untouched(other)) << "small";
    other = plain;
    other.body.resize(1024UL * 1024);
    EXPECT_TRUE(untouched(other)) << "large";
    other = plain;
    other.headers.set("Content-Type", "image/png");
    EXPECT_TRUE(untouched(other)) << "no text";
    other = plain;
    other.headers.set("ETag", "\"v1\"");
    EXPECT_TRUE(untouched(other)) << "strong ETag";
    other = plain;
    other.status = 206;
    EXPECT_TRUE(untouched(other)) << "partial";
    other.headers.set("ETag", "W/\"v1\"");
    other.status = 200;
    EXPECT_FALSE(untouched(other)) << "weak ETag";
}

TEST_F(Compression, CanBeTurnedOff) {
    web::App off({.title = "Texts", .version = "1", .compress = false});
    off.include(web::Router("/text").raw(
        web::Method::kGet, "", [this](web::Exchange&) { return web::completed(answer); }));
    EXPECT_EQ(web::TestClient(off).get("/text", {{"Accept-Encoding", "gzip"}}).body, text);
}

TEST_F(Compression, EncodesASharedBodyOnceForEachCoding) {
    answer.body.clear();
    answer.shared_body = file;
    answer.headers.set("ETag", "\"v1\"");
    EXPECT_EQ(get("gzip").content(), text) << "nobody waits for the first time";
    const auto first = get_encoded("gzip");
    EXPECT_EQ(gunzip(first.content()), text);
    EXPECT_EQ(first.header("ETag"), "\"v1-gzip\"");
    EXPECT_EQ(get("gzip").shared_body, first.shared_body);
    EXPECT_EQ(get_encoded("br").header("ETag"), "\"v1-br\"");
    EXPECT_EQ(get("").header("ETag"), "\"v1\"");
}

class CompressedFile : public Compression {
protected:
    const web::StaticFile stored = web::static_file(text, "lines.txt");
    const std::string tag = stored.entity_tag;

    CompressedFile() {
        app.include(
            web::Router("/file").raw(web::Method::kGet, "", [this](web::Exchange& exchange) {
                return web::completed(web::file_response(stored, "no-cache", exchange));
            }));
    }
    web::TestClient::Reply get_file(web::Headers headers) {
        return client.get("/file", std::move(headers));
    }
    // Asks until the coding is made, or 5 s.
    void make(const std::string& coding) {
        for (int i = 0; i < 1000; ++i) {
            if (get_file({{"Accept-Encoding", coding}}).header("Content-Encoding") == coding)
                return;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        FAIL() << coding << " was not made";
    }
    [[nodiscard]] std::string tag_of(const std::string& coding) const {
        return '"' + tag + '-' + coding + '"';
    }
};

TEST_F(CompressedFile, IsRevalidatedInTheCodingThatTheClientHas) {
    make("gzip");
    const auto reply = get_file({{"Accept-Encoding", "gzip"}, {"If-None-Match", tag_of("gzip")}});
    EXPECT_EQ(reply.status, 304);
    EXPECT_EQ(reply.content(), "");
    EXPECT_EQ(reply.header("ETag"), tag_of("gzip"));
    EXPECT_EQ(reply.header("Vary"), "Accept-Encoding");
    EXPECT_EQ(reply.header("Cache-Control"), "no-cache");
    EXPECT_EQ(reply.header("Content-Encoding"), "");
    EXPECT_EQ(reply.header("Content-Type"), "");
    make("br");
    EXPECT_EQ(get_file({{"Accept-Encoding", "br"}, {"If-None-Match", tag_of("gzip")}}).status, 200);
    EXPECT_EQ(get_file({{"If-None-Match", tag_of("gzip")}}).status, 200);
}

TEST_F(CompressedFile, IsRevalidatedBeforeItsCodingIsMade) {
    EXPECT_EQ(get_file({{"Accept-Encoding", "br"}, {"If-None-Match", tag_of("br")}}).status, 304);
}

TEST_F(CompressedFile, IsRevalidatedWithoutACoding) {
    make("br");
    const auto reply = get_file({{"Accept-Encoding", "br"}, {"If-None-Match", '"' + tag + '"'}});
    EXPECT_EQ(reply.status, 304);
    EXPECT_EQ(reply.header("ETag"), '"' + tag + '"');
}

TEST_F(CompressedFile, IsMatchedByTheTagOfAnyCoding) {
    make("br");
    const auto status = [this](const std::string& if_match) {
        return get_file({{"Accept-Encoding", "br"}, {"If-Match", if_match}}).status;
    };
    EXPECT_EQ(status(tag_of("br")), 200);
    EXPECT_EQ(status(tag_of("gzip")), 200);
    EXPECT_EQ(status('"' + tag + '"'), 200);
    EXPECT_EQ(status("*"), 200);
    EXPECT_EQ(status("W/" + tag_of("br")), 412);
    EXPECT_EQ(status(tag_of("zip")), 412);
    EXPECT_EQ(status("\"other-br\""), 412);
    EXPECT_EQ(get_file({{"If-Match", tag_of("br")}}).status, 200);
}

TEST_F(Compression, NoticesABodyThatTookTheAddressOfAnother) {
    answer.body.clear();
    answer.headers.set("ETag", "\"v1\"");
    for (const char letter : {'a', 'b', 'c'}) {
        answer.shared_body.reset();
        answer.shared_body = std::make_shared<const std::string>(std::string(5000, letter));
        EXPECT_EQ(gunzip(get_encoded("gzip").content()), *answer.shared_body);
    }
}

}  // namespace

#include <filesystem>

#include <gtest/gtest.h>
#include <test_support/temporary_directory.hpp>

#include <web/app.hpp>
#include <web/static_files.hpp>
#include <web/test_client.hpp>

namespace {

class StaticFiles : public testing::Test {
protected:
    test_support::TemporaryDirectory files;
    const std::filesystem::path directory = files.path();

    void SetUp() override {
        files.write("page.html", "<p>hello</p>");
        files.write("sub/app.js", "run()");
    }
};

TEST_F(StaticFiles, AreServedWithTypeAndValidator) {
    web::App app({.title = "Files", .version = "1"});
    app.include(web::static_files("/assets", {.directory = directory}));
    web::TestClient client(app);
    const auto page = client.get("/assets/page.html");
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.content(), "<p>hello</p>");
    EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(client.get("/assets/sub/app.js").content(), "run()");

    const auto again = client.get("/assets/page.html", {{"If-None-Match", page.header("ETag")}});
    EXPECT_EQ(again.status, 304);
    EXPECT_EQ(again.content(), "");
}

// As the build leaves it: beside the file its codings, which the tests tell apart by their text.
class CodedFile : public StaticFiles {
protected:
    void SetUp() override {
        StaticFiles::SetUp();
        files.write("page.html.br", "in br");
        files.write("page.html.gz", "in gzip");
        app.include(web::static_files("", {.directory = directory}));
        tag = client.get("/page.html").header("ETag");
        tag = tag.substr(1, tag.size() - 2);
    }
    web::TestClient::Reply get(std::string accepted, web::Headers headers = {}) {
        headers.set("Accept-Encoding", std::move(accepted));
        return client.get("/page.html", std::move(headers));
    }
    [[nodiscard]] std::string tag_of(const std::string& coding) const {
        return '"' + tag + '-' + coding + '"';
    }

    web::App app{{.title = "Files", .version = "1"}};
    web::TestClient client{app};
    std::string tag;
};

TEST_F(CodedFile, ComesInTheCodingThatTheClientPrefers) {
    const auto reply = get("gzip, br");
    EXPECT_EQ(reply.content(), "in br");
    EXPECT_EQ(reply.header("Content-Encoding"), "br");
    EXPECT_EQ(reply.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(reply.header("ETag"), tag_of("br"));
    EXPECT_EQ(reply.header("Vary"), "Accept-Encoding");
    EXPECT_EQ(get("br;q=0.1, gzip").content(), "in gzip");
    EXPECT_EQ(get("br;q=0.1, gzip").header("ETag"), tag_of("gzip"));
    for (const auto* accepted : {"", "identity", "zstd", "br;q=0"}) {
        const auto plain = get(accepted);
        EXPECT_EQ(plain.content(), "<p>hello</p>") << accepted;
        EXPECT_EQ(plain.header("Content-Encoding"), "") << accepted;
        EXPECT_EQ(plain.header("Vary"), "Accept-Encoding") << accepted;
    }
}

TEST_F(CodedFile, ComesAsItIsWithoutThatCoding) {
    std::filesystem::remove(directory / "page.html.gz");
    web::App less({.title = "Files", .version = "1"});
    less.include(web::static_files("", {.directory = directory}));
    const auto reply = web::TestClient(less).get("/page.html", {{"Accept-Encoding", "gzip"}});
    EXPECT_EQ(reply.content(), "<p>hello</p>");
    EXPECT_EQ(reply.header("ETag"), '"' + tag + '"');
    EXPECT_EQ(reply.header("Vary"), "Accept-Encoding");
}

TEST_F(CodedFile, TellsHeadWhatGetWouldGet) {
    const auto reply = client.send({.method = web::Method::kHead,
                                    .target = "/page.html",
                                    .headers = {{"Accept-Encoding", "gzip"}}});
    EXPECT_EQ(reply.header("Content-Encoding"), "gzip");
    EXPECT_EQ(reply.content(), "in gzip");
}

// What a proxy keeps by: a 304 has to say on what the file would depend (RFC 9110, 15.4.5).
TEST_F(CodedFile, IsRevalidatedInTheCodingThatTheClientHas) {
    const auto reply = get("gzip", {{"If-None-Match", tag_of("gzip")}});
    EXPECT_EQ(reply.status, 304);
    EXPECT_EQ(reply.content(), "");
    EXPECT_EQ(reply.header("ETag"), tag_of("gzip"));
    EXPECT_EQ(reply.header("Vary"), "Accept-Encoding");
    EXPECT_EQ(reply.header("Cache-Control"), "no-cache");
    EXPECT_EQ(reply.header("Content-Encoding"), "");
    EXPECT_EQ(reply.header("Content-Type"), "");
    EXPECT_EQ(get("br", {{"If-None-Match", tag_of("gzip")}}).status, 200);
    EXPECT_EQ(get("", {{"If-None-Match", tag_of("gzip")}}).status, 200);
    EXPECT_EQ(get("", {{"If-None-Match", '"' + tag + '"'}}).status, 304);
}

TEST_F(CodedFile, IsMatchedByTheTagOfAnyCoding) {
    const auto status = [this](const std::string& if_match) {
        return get("br", {{"If-Match", if_match}}).status;
    };
    EXPECT_EQ(status(tag_of("br")), 200);
    EXPECT_EQ(status(tag_of("gzip")), 200);
    EXPECT_EQ(status('"' + tag + '"'), 200);
    EXPECT_EQ(status("*"), 200);
    EXPECT_EQ(status("W/" + tag_of("br")), 412);
    EXPECT_EQ(status(tag_of("zip")), 412);
    EXPECT_EQ(status("\"other-br\""), 412);
}

TEST_F(CodedFile, IsOneFileAndNotThree) {
    EXPECT_EQ(client.get("/page.html.br").status, 404);
    EXPECT_EQ(client.get("/page.html.gz").status, 404);
    files.write("backup.gz", "a file of its own");
    web::App more({.title = "Files", .version = "1"});
    more.include(web::static_files("", {.directory = directory}));
    EXPECT_EQ(web::TestClient(more).get("/backup.gz").content(), "a file of its own");
}

TEST_F(CodedFile, CountsInAllItsCodings) {
    const auto total = std::string("<p>hello</p>in brin gziprun()").size();
    EXPECT_NO_THROW(
        (void)web::static_files("", {.directory = directory, .max_total_bytes = total}));
    EXPECT_THROW(
        (void)web::static_files("", {.directory = directory, .max_total_bytes = total - 1}),
        std::runtime_error);
}

TEST_F(StaticFiles, DependOnNoHeaderWithoutCodings) {
    web::App app({.title = "Files", .version = "1"});
    app.include(web::static_files("", {.directory = directory}));
    EXPECT_EQ(web::TestClient(app).get("/page.html", {{"Accept-Encoding", "br"}}).header("Vary"),
              "");
}

TEST_F(StaticFiles, StayWithinTheirDirectory) {
    web::App app({.title = "Files", .version = "1"});
    app.include(web::static_files("/assets", {.directory = directory / "sub"}));
    web::TestClient client(app);
    for (const auto* path : {"/assets/../page.html", "/assets/%2e%2e/page.html", "/assets/",
                             "/assets", "/assets/none.js", "/assets//etc/passwd"}) {
        EXPECT_EQ(client.get(path).status, 404) << path;
    }
}

TEST_F(StaticFiles, CanBeLimitedToAList) {
    web::App app({.title = "Files", .version = "1"});
    app.include(web::static_files("/a", {.directory = directory, .only = {"sub/app.js"}}));
    web::TestClient client(app);
    EXPECT_EQ(client.get("/a/page.html").status, 404);
    EXPECT_EQ(client.get("/a/sub/app.js").status, 200);
}

TEST_F(StaticFiles, AreRefusedWhenMissingOrTooLarge) {
    EXPECT_THROW((void)web::static_files("/a", {.directory = directory / "none"}),
                 std::runtime_error);
    EXPECT_THROW((void)web::static_files("/a", {.directory = directory, .max_total_bytes = 10}),
                 std::runtime_error);
}

class SinglePageApplication : public StaticFiles {
protected:
    void SetUp() override {
        files.write("index.html", "<div id=root></div>");
        files.write("favicon.svg", "<svg/>");
        files.write("assets/index-4f2a.js", "run()");
        app.include(web::static_files(
            "",
            {.directory = directory, .fingerprinted = "assets", .fallback_page = "index.html"}));
    }

    web::App app{{.title = "Page", .version = "1"}};
    web::TestClient client{app};
};

TEST_F(SinglePageApplication, AnswersEveryPageWithItsOnlyOne) {
    for (const auto* path : {"/", "/index.html", "/items/17", "/assets-of-others", "/a/b/c/"}) {
        const auto reply = client.get(path, {{"Accept", "text/html,*/*;q=0.8"}});
        EXPECT_EQ(reply.status, 200) << path;
        EXPECT_EQ(reply.content(), "<div id=root></div>") << path;
        EXPECT_EQ(reply.header("Cache-Control"), "no-cache") << path;
    }
    const auto page = client.get("/items/17");
    EXPECT_EQ(page.header("Vary"), "Accept");
    EXPECT_EQ(client.get("/items/18", {{"If-None-Match", page.header("ETag")}}).status, 304);
}

TEST_F(SinglePageApplication, DoesNotPassThePageOffAsSomethingElse) {
    for (const auto* path :
         {"/assets/index-0000.js", "/assets/none", "/none.png", "/items/17.json"})
        EXPECT_EQ(client.get(path, {{"Accept", "text/html"}}).status, 404) << path;
    EXPECT_EQ(client.get("/items/17", {{"Accept", "application/json"}}).status, 404);
    EXPECT_EQ(client.post("/items/17", {{"a", 1}}).status, 405);
}

TEST_F(SinglePageApplication, HasBrowsersKeepWhatCarriesAFingerprint) {
    EXPECT_EQ(client.get("/assets/index-4f2a.js").header("Cache-Control"),
              "public, max-age=31536000, immutable");
    EXPECT_EQ(client.get("/favicon.svg").header("Cache-Control"), "no-cache");
}

TEST_F(SinglePageApplication, HasNobodyKeepThatAPreconditionFailed) {
    const auto refused = client.get("/assets/index-4f2a.js", {{"If-Match", "\"other\""}});
    EXPECT_EQ(refused.status, 412);
    EXPECT_EQ(refused.header("Cache-Control"), "no-store");
}

TEST_F(SinglePageApplication, IsRefusedWithoutItsPage) {
    EXPECT_THROW((void)web::static_files("", {.directory = directory, .fallback_page = "app.html"}),
                 std::runtime_error);
}

}  // namespace

// The site through every layer but the socket, with files like those that Vite writes.
#include <application.hpp>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <test_support/temporary_directory.hpp>

#include <web/test_client.hpp>

namespace {

using testing::HasSubstr;
using testing::Not;

class Site : public testing::Test {
protected:
    test_support::TemporaryDirectory files;
    const std::filesystem::path dist = files.path();

    void SetUp() override {
        files.write("index.html", "<div id=root></div>");
        files.write("color-scheme.js", "light()");
        files.write("assets/index-4f2a.js", "run()");
    }
};

TEST_F(Site, ServesThePageAtEveryAddressOfTheApp) {
    const auto app = app::make_application({.dist_dir = dist, .connect_origins = {}});
    web::TestClient client(*app);
    for (const auto* path : {"/", "/items/new", "/items/17/edit"}) {
        const auto reply = client.get(path, {{"Accept", "text/html"}});
        EXPECT_EQ(reply.status, 200) << path;
        EXPECT_EQ(reply.content(), "<div id=root></div>");
        EXPECT_EQ(reply.header("Cache-Control"), "no-cache");
    }
    EXPECT_EQ(client.get("/assets/index-4f2a.js").header("Cache-Control"),
              "public, max-age=31536000, immutable");
    EXPECT_EQ(client.get("/color-scheme.js").header("Cache-Control"), "no-cache");
    EXPECT_EQ(client.get("/assets/index-older.js").status, 404);
}

TEST_F(Site, TellsTheBrowserWhatThePageMayDo) {
    const auto app = app::make_application({.dist_dir = dist, .connect_origins = {}});
    const auto reply = web::TestClient(*app).get("/");
    const auto policy = reply.header("Content-Security-Policy");
    EXPECT_THAT(policy, HasSubstr("script-src 'self';"));
    EXPECT_THAT(policy, HasSubstr("connect-src 'self';"));
    EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
    EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
    EXPECT_EQ(reply.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(reply.header("Referrer-Policy"), "same-origin");
}

TEST_F(Site, AllowsAnApiOfAnotherOrigin) {
    const auto app = app::make_application(
        {.dist_dir = dist,
         .connect_origins = {"https://api.example.org", "http://127.0.0.1:8000"}});
    EXPECT_THAT(
        web::TestClient(*app).get("/").header("Content-Security-Policy"),
        HasSubstr("connect-src 'self' https://api.example.org http://127.0.0.1:8000; base-uri"));
}

TEST_F(Site, IsRefusedBeforeThePageIsBuilt) {
    EXPECT_THROW((void)app::make_application({.dist_dir = dist / "assets", .connect_origins = {}}),
                 std::runtime_error);
}

}  // namespace

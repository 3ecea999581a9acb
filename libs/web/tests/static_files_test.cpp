#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

#include <web/app.hpp>
#include <web/static_files.hpp>
#include <web/test_client.hpp>

namespace {

class StaticFiles : public testing::Test {
protected:
    std::filesystem::path directory =
        std::filesystem::path(testing::TempDir()) / ("static-files-" + std::to_string(getpid()));

    void SetUp() override {
        std::filesystem::create_directories(directory / "sub");
        std::ofstream(directory / "page.html") << "<p>hello</p>";
        std::ofstream(directory / "sub" / "app.js") << "run()";
    }
    void TearDown() override { std::filesystem::remove_all(directory); }
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

}  // namespace

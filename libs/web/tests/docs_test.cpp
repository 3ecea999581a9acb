#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <web/app.hpp>
#include <web/test_client.hpp>

namespace {

using testing::HasSubstr;

TEST(Docs, ServeSwaggerUiFromTheDirectory) {
    const auto directory =
        std::filesystem::path(testing::TempDir()) / ("swagger-" + std::to_string(getpid()));
    std::filesystem::create_directories(directory);
    web::App app({.title = "A < B", .version = "1"});
    EXPECT_THROW(app.document(directory.string()), std::runtime_error);

    for (const auto* name : {"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"}) {
        std::ofstream(directory / name) << name;
    }
    web::App complete({.title = "A < B", .version = "1"});
    complete.document(directory.string());
    web::TestClient client(complete);
    const auto page = client.get("/api/docs");
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("<title>A &lt; B</title>"));
    EXPECT_EQ(client.get("/docs/swagger-ui.css").content(), "swagger-ui.css");
    EXPECT_THAT(client.get("/docs/start.js").body, HasSubstr("url: \"openapi.json\""));
    std::filesystem::remove_all(directory);
}

}  // namespace

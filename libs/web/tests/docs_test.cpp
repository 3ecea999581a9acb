
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <test_support/temporary_directory.hpp>

#include <web/app.hpp>
#include <web/test_client.hpp>

namespace {

using testing::HasSubstr;

TEST(Docs, ServeSwaggerUiFromTheDirectory) {
    const test_support::TemporaryDirectory files;
    const auto directory = files.path().string();
    web::App app({.title = "A < B", .version = "1"});
    EXPECT_THROW(app.document(directory), std::runtime_error);

    for (const auto* name : {"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"})
        files.write(name, name);
    web::App complete({.title = "A < B", .version = "1"});
    complete.document(directory);
    web::TestClient client(complete);
    const auto page = client.get("/api/docs");
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("<title>A &lt; B</title>"));
    EXPECT_EQ(client.get("/docs/swagger-ui.css").content(), "swagger-ui.css");
    EXPECT_THAT(client.get("/docs/start.js").body, HasSubstr("url: \"openapi.json\""));
}

}  // namespace

// The committed OpenAPI document, from which the React app's types are generated.
#include <application.hpp>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace {

TEST(OpenApiSnapshot, IsInStepWithTheTypes) {
    std::ifstream file(API_SOURCE_DIR "/openapi.json");
    const std::string snapshot{std::istreambuf_iterator<char>(file),
                               std::istreambuf_iterator<char>()};
    EXPECT_EQ(app::openapi_text(*app::make_endpoints(app::documented_options())), snapshot)
        << "The API's types have changed. Run `make generate` and commit what it changes.";
}

}  // namespace

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <dash/suites.hpp>

#include "fixture.hpp"

namespace {

using dash::tests::fake_suites;
using testing::HasSubstr;
using testing::MatchesRegex;

web::Response serve(const std::string& path, web::Headers headers = {}) {
    const web::Request request{.target = "/dash/_dash-component-suites/" + path,
                               .headers = std::move(headers)};
    const web::Dependencies none;
    const web::Exchange exchange(request, none, "");
    return fake_suites()->serve(path, exchange);
}

TEST(Suites, FingerprintsTheScripts) {
    EXPECT_THAT(fake_suites()->scripts(),
                testing::Contains(
                    MatchesRegex("dash/dcc/dash_core_components\\.v4_5_0m[0-9a-f]{16}\\.js")));
    EXPECT_THAT(
        fake_suites()->scripts(),
        testing::Contains(MatchesRegex("dash/deps/react\\.v18_3_1m[0-9a-f]{16}\\.min\\.js")));
    EXPECT_THAT(fake_suites()->plotly(), HasSubstr("plotly/package_data/plotly.v3_7_0m"));
}

TEST(Suites, ServesFingerprintedNamesForAYear) {
    const auto response = serve(fake_suites()->scripts().front());
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.headers.find("Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(response.headers.find("Content-Type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(response.content(), "// regenerator-runtime/runtime.js");
}

TEST(Suites, HasPlainNamesRevalidated) {
    const auto response = serve("dash/dcc/async-graph.js");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.headers.find("Cache-Control"), "no-cache");
    const std::string tag(response.headers.find("ETag").value());
    const auto again = serve("dash/dcc/async-graph.js", {{"If-None-Match", tag}});
    EXPECT_EQ(again.status, 304);
    EXPECT_EQ(again.content(), "");
    EXPECT_EQ(serve("dash/dcc/async-graph.js", {{"If-None-Match", "\"other\""}}).status, 200);
}

TEST(Suites, AnswersAsAnyFileWhenAPreconditionFails) {
    const auto response = serve(fake_suites()->scripts().front(), {{"If-Match", "\"other\""}});
    EXPECT_EQ(response.status, 412);
    EXPECT_EQ(response.headers.find("Cache-Control"), "no-store");
}

TEST(Suites, ServesNothingElse) {
    for (const auto* path : {"", "dash/dcc/", "dash/dcc/async-graph.js.map", "../package.json",
                             "dash/dcc/dash_core_components.v0_0_0m0.js"}) {
        EXPECT_EQ(serve(path).status, 404) << path;
    }
}

TEST(Suites, TakesReactFromTheTopWhenNpmPutItThere) {
    const dash::tests::TemporaryDirectory root;
    dash::tests::write_node_modules(root);
    for (const auto* package : {"react", "react-dom"}) {
        std::filesystem::rename(root.path() / "dash-renderer/node_modules" / package,
                                root.path() / package);
    }
    EXPECT_NO_THROW(dash::Suites(root.path()));
}

TEST(Suites, NamesTheFilesThatItNeeds) {
    const dash::tests::TemporaryDirectory root;
    dash::tests::write_node_modules(root);
    root.write("dash-table/dash_table/bundle.js.map", "of no use");
    const dash::tests::TemporaryDirectory copy;
    for (const auto& file : dash::Suites::files(root.path())) {
        std::filesystem::create_directories((copy.path() / file).parent_path());
        std::filesystem::copy_file(root.path() / file, copy.path() / file);
    }
    EXPECT_FALSE(std::filesystem::exists(copy.path() / "dash-table/dash_table/bundle.js.map"));
    EXPECT_EQ(dash::Suites(copy.path()).scripts(), dash::Suites(root.path()).scripts());
}

TEST(Suites, ComeWithTheCodingsThatTheBuildMade) {
    const dash::tests::TemporaryDirectory root;
    dash::tests::write_node_modules(root);
    const std::string plotly = "plotly.js-dist-min/plotly.min.js";
    root.write(plotly + ".br", "plotly in br");
    const auto files = dash::Suites::files(root.path());
    EXPECT_THAT(files, testing::IsSupersetOf({plotly, plotly + ".br"}));
    EXPECT_THAT(files, testing::Not(testing::Contains(plotly + ".gz")));

    const dash::Suites suites(root.path());
    const web::Request request{.headers = {{"Accept-Encoding", "br"}}};
    const web::Dependencies none;
    const web::Exchange exchange(request, none, "");
    const auto response = suites.serve(suites.plotly(), exchange);
    EXPECT_EQ(response.content(), "plotly in br");
    EXPECT_EQ(response.headers.find("Content-Encoding"), "br");
}

TEST(Suites, NamesAMissingBundle) {
    const dash::tests::TemporaryDirectory root;
    dash::tests::write_node_modules(root);
    std::filesystem::remove(root.path() / "dash-table/dash_table/bundle.js");
    try {
        const dash::Suites suites(root.path());
        FAIL() << "no exception";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("dash-table/dash_table/bundle.js"));
        EXPECT_THAT(error.what(), HasSubstr("npm ci"));
    }
}

}  // namespace

#include "index_page.hpp"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace {

using testing::HasSubstr;
using testing::Not;

// The JSON within the page's _dash-config element.
std::string config_of(const std::string& page) {
    const std::string_view opening = R"(<script id="_dash-config" type="application/json">)";
    const auto start = page.find(opening) + opening.size();
    return page.substr(start, page.find("</script>", start) - start);
}

TEST(IndexPage, ConfiguresTheRenderer) {
    const auto parts = dash::index_parts({.prefix = "/dash/"}, *dash::tests::fake_suites());
    const auto config = boost::json::parse(config_of(dash::index_page(parts, {})));
    EXPECT_EQ(config.at("requests_pathname_prefix"), "/dash/");
    EXPECT_EQ(config.at("serve_locally"), true);
    EXPECT_TRUE(config.at("update_title").is_null());
    EXPECT_EQ(config.at("plotlyjs_url").as_string(),
              "/dash/_dash-component-suites/" + dash::tests::fake_suites()->plotly());
}

TEST(IndexPage, RunsTheScriptsInOrderAndTheRendererLast) {
    const dash::tests::TemporaryDirectory assets;
    assets.write("page.js", "");
    const auto parts = dash::index_parts({.assets = assets.path()}, *dash::tests::fake_suites());
    const auto page = dash::index_page(parts, {});
    std::size_t last = 0;
    for (const auto* script :
         {"/react.v", "/react-dom.v", "/dash_renderer.v", "/dash_core_components.v",
          "/dash_html_components.v", "assets/page.js", "new DashRenderer()"}) {
        const auto at = page.find(script);
        ASSERT_NE(at, std::string::npos) << script;
        EXPECT_GT(at, last) << script;
        last = at;
    }
}

TEST(IndexPage, LinksAssetsInAlphabeticalOrder) {
    const dash::tests::TemporaryDirectory assets;
    for (const auto* name : {"b.css", "a.css", "favicon.ico", "favicon.svg", "notes.txt"})
        assets.write(name, "");
    const auto parts = dash::index_parts({.assets = assets.path()}, *dash::tests::fake_suites());
    EXPECT_THAT(parts.style_sheets, testing::ElementsAre("a.css", "b.css"));
    EXPECT_THAT(parts.asset_scripts, testing::IsEmpty());
    EXPECT_EQ(parts.icon, "favicon.svg");
    EXPECT_THAT(dash::index_page(parts, {}),
                HasSubstr(R"(<link rel="stylesheet" href="/dash/assets/a.css">)"));
}

TEST(IndexPage, EscapesTexts) {
    const auto parts = dash::index_parts({}, *dash::tests::fake_suites());
    const auto page = dash::index_page(
        parts, {.language = "es", .title = "<b>&</b>", .description = "\"quoted\""});
    EXPECT_THAT(page, HasSubstr(R"(<html lang="es">)"));
    EXPECT_THAT(page, HasSubstr("<title>&lt;b&gt;&amp;&lt;/b&gt;</title>"));
    EXPECT_THAT(page, HasSubstr("&quot;quoted&quot;"));
}

TEST(IndexPage, KeepsTheConfigurationInsideItsElement) {
    const auto parts = dash::index_parts({.prefix = "/</script>/"}, *dash::tests::fake_suites());
    const auto config = config_of(dash::index_page(parts, {}));
    EXPECT_THAT(config, Not(HasSubstr("<")));
    EXPECT_EQ(boost::json::parse(config).at("requests_pathname_prefix"), "/</script>/");
}

TEST(IndexPage, NamesAssetsThatCannotBeRead) {
    EXPECT_THROW((void)dash::index_parts({.assets = "/nonexistent"}, *dash::tests::fake_suites()),
                 std::runtime_error);
}

}  // namespace

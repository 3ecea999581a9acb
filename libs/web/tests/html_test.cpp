#include <gtest/gtest.h>

#include <web/html.hpp>

namespace {

TEST(EscapeHtml, LeavesNoMarkup) {
    EXPECT_EQ(web::escape_html("<a href=\"x\">R&D</a>"),
              "&lt;a href=&quot;x&quot;&gt;R&amp;D&lt;/a&gt;");
    EXPECT_EQ(web::escape_html("año"), "año");
}

}  // namespace

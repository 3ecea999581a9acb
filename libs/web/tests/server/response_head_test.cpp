#include "server/response_head.hpp"

#include <stdexcept>

#include <gmock/gmock.h>

namespace web::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ResponseHead, OwnsTheFraming) {
    Response response{.headers = {{"content-length", "99"},
                                  {"Transfer-Encoding", "chunked"},
                                  {"Connection", "keep-alive"},
                                  {"ETag", "\"1\""}},
                      .body = "four"};
    const auto head = response_head(response, {});
    EXPECT_THAT(head, HasSubstr("\r\nContent-Length: 4\r\n"));
    EXPECT_THAT(head, HasSubstr("\r\nETag: \"1\"\r\n"));
    EXPECT_THAT(head, Not(HasSubstr("99")));
    EXPECT_THAT(head, Not(HasSubstr("Transfer-Encoding")));
    EXPECT_THAT(head, Not(HasSubstr("Connection")));
}

TEST(ResponseHead, CountsASharedBody) {
    Response response{.shared_body = std::make_shared<const std::string>("shared")};
    EXPECT_THAT(response_head(response, {}), HasSubstr("\r\nContent-Length: 6\r\n"));
}

TEST(ResponseHead, RefusesToBeSplit) {
    for (const auto& value : {std::string("a\rb"), std::string("a\nb"), std::string("a\0b", 3)}) {
        EXPECT_THROW((void)response_head({.headers = {{"X", value}}}, {}), std::invalid_argument);
    }
    EXPECT_THROW((void)response_head({.headers = {{"X: y", "z"}}}, {}), std::invalid_argument);
}

TEST(ResponseHead, KeepsTheDateOfTheHandler) {
    const auto head = response_head({.headers = {{"Date", "then"}}}, {});
    EXPECT_THAT(head, HasSubstr("\r\nDate: then\r\n"));
    EXPECT_EQ(head.find("Date:"), head.rfind("Date:"));
}

TEST(HttpDate, HasTheFormOfTheRfc) {
    const std::chrono::sys_seconds time(std::chrono::seconds(784111777));
    EXPECT_EQ(format_http_date(time), "Sun, 06 Nov 1994 08:49:37 GMT");
}

}  // namespace
}  // namespace web::server

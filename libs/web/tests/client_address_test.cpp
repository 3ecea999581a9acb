// Whether the client is told from the proxies, and nobody can pretend to be another.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <base/errors.hpp>
#include <web/client_address.hpp>

#include "notes_app.hpp"

namespace {

std::string client(std::string peer, std::string forwarded,
                   std::vector<std::string> trusted = {"10.0.0.0/8", "fd00::/8", "127.0.0.1"}) {
    web::Request request{.remote_address = std::move(peer)};
    if (!forwarded.empty()) request.headers.add("X-Forwarded-For", std::move(forwarded));
    return web::TrustedProxies(trusted).client_of(request);
}

TEST(TrustedProxies, BelieveTheForwardedAddressOfATrustedPeer) {
    EXPECT_EQ(client("10.1.2.3", "203.0.113.7"), "203.0.113.7");
    EXPECT_EQ(client("127.0.0.1", " 203.0.113.7 "), "203.0.113.7");
    EXPECT_EQ(client("fd00::1", "2001:db8::1"), "2001:db8::1");
    EXPECT_EQ(client("::ffff:10.0.0.1", "203.0.113.7"), "203.0.113.7");
}

TEST(TrustedProxies, IgnoreWhatAStrangerForwards) {
    EXPECT_EQ(client("198.51.100.1", "203.0.113.7"), "198.51.100.1");
    EXPECT_EQ(client("127.0.0.2", "203.0.113.7"), "127.0.0.2");
    EXPECT_EQ(client("10.1.2.3", "203.0.113.7", {}), "10.1.2.3");
}

TEST(TrustedProxies, TakeTheLastAddressThatNobodyVouchesFor) {
    // The client made the first entry up; the gateway added the address that it saw.
    EXPECT_EQ(client("10.0.0.1", "192.0.2.1, 203.0.113.7"), "203.0.113.7");
    EXPECT_EQ(client("10.0.0.1", "192.0.2.1, 203.0.113.7, 10.0.0.2"), "203.0.113.7");
    EXPECT_EQ(client("10.0.0.1", "nonsense, 10.0.0.2"), "10.0.0.2");
    EXPECT_EQ(client("10.0.0.1", ""), "10.0.0.1");
    EXPECT_EQ(client("10.0.0.1", ","), "10.0.0.1");
}

// The line that the access log of an application with these proxies gets for one request.
std::string logged(std::vector<std::string> trusted) {
    web::App app({.title = "Notes API", .version = "1", .trusted_proxies = std::move(trusted)});
    std::string line;
    telemetry::log::configure(
        {.service = "notes", .sink = [&](std::string_view text) { line += text; }});
    (void)web::TestClient(app).send({.target = "/",
                                     .headers = {{"X-Forwarded-For", "203.0.113.7"}},
                                     .remote_address = "10.0.0.1"});
    telemetry::log::flush();
    telemetry::log::configure({.service = "notes", .sink = [](std::string_view) {}});
    return line;
}

TEST(TrustedProxies, TellTheAccessLogWhoTheClientIs) {
    EXPECT_THAT(logged({"10.0.0.0/8"}), testing::HasSubstr(R"("client":"203.0.113.7")"));
    EXPECT_THAT(logged({}), testing::HasSubstr(R"("client":"10.0.0.1")"));
}

TEST(TrustedProxies, RefuseWhatIsNoNetwork) {
    for (const auto* wrong : {"", "x", "10.0.0.0/33", "10.0.0.0/", "fd00::/129"}) {
        EXPECT_THROW(web::TrustedProxies({wrong}), base::ConfigError) << wrong;
    }
}

}  // namespace

// Whether the client is told from the proxies, and nobody can pretend to be another.
#include <gtest/gtest.h>

#include <base/errors.hpp>
#include <web/client_address.hpp>

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

TEST(TrustedProxies, RefuseWhatIsNoNetwork) {
    for (const auto* wrong : {"", "x", "10.0.0.0/33", "10.0.0.0/", "fd00::/129"}) {
        EXPECT_THROW(web::TrustedProxies({wrong}), base::ConfigError) << wrong;
    }
}

}  // namespace

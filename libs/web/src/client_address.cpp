#include <algorithm>
#include <string_view>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <base/errors.hpp>
#include <base/utf8.hpp>
#include <web/client_address.hpp>

namespace web {
namespace {

namespace ip = boost::asio::ip;
using boost::system::error_code;

// An address as it is compared: IPv4 that came in IPv6's clothes is IPv4.
std::optional<ip::address> parse_address(std::string_view text) {
    error_code error;
    auto address = ip::make_address(std::string(text), error);
    if (error) return std::nullopt;
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    }
    return address;
}

template <class Network, class Address>
bool contains(const std::vector<Network>& networks, const Address& address) {
    return std::ranges::any_of(networks, [&](const Network& network) {
        return Network(address, network.prefix_length()).canonical() == network;
    });
}

}  // namespace

struct TrustedProxies::Networks {
    std::vector<ip::network_v4> v4;
    std::vector<ip::network_v6> v6;

    void add(const std::string& text) {
        error_code error;
        const auto slash = text.find('/');
        const auto address = parse_address(text.substr(0, slash));
        if (address && address->is_v4()) {
            const auto network =
                ip::make_network_v4(slash == std::string::npos ? text + "/32" : text, error);
            if (!error) v4.push_back(network.canonical());
        } else if (address) {
            const auto network =
                ip::make_network_v6(slash == std::string::npos ? text + "/128" : text, error);
            if (!error) v6.push_back(network.canonical());
        }
        if (!address || error) {
            throw base::ConfigError("\"" + text + "\" is not a network such as 10.0.0.0/8");
        }
    }

    [[nodiscard]] bool trusts(const ip::address& address) const {
        return address.is_v4() ? contains(v4, address.to_v4()) : contains(v6, address.to_v6());
    }
};

TrustedProxies::TrustedProxies(const std::vector<std::string>& networks)
    : networks_(std::make_unique<Networks>()) {
    for (const auto& network : networks)
        networks_->add(network);
}

TrustedProxies::~TrustedProxies() = default;
TrustedProxies::TrustedProxies(TrustedProxies&&) noexcept = default;
TrustedProxies& TrustedProxies::operator=(TrustedProxies&&) noexcept = default;

std::string TrustedProxies::client_of(const Request& request) const {
    // Without the header the answer is clear. The access log needs it for every request.
    const auto forwarded = request.headers.joined("X-Forwarded-For");
    if (!forwarded) return request.remote_address;
    auto client = parse_address(request.remote_address);
    if (!client || !networks_->trusts(*client)) return request.remote_address;
    std::string_view rest = *forwarded;
    // From the nearest hop outwards, up to the first that nobody vouches for.
    while (!rest.empty() && networks_->trusts(*client)) {
        const auto comma = rest.rfind(',');
        const auto hop = comma == std::string_view::npos ? rest : rest.substr(comma + 1);
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(0, comma);
        const auto address = parse_address(base::utf8::trim(hop));
        if (!address) break;
        client = address;
    }
    return client->to_string();
}

}  // namespace web

#include "client/address.hpp"

#include <charconv>
#include <string_view>
#include <system_error>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

#include <base/errors.hpp>

namespace web::client {

Address parse_address(const std::string& base_url) {
    const auto unusable = [&](std::string_view why) {
        return base::ConfigError(fmt::format("\"{}\" is not a base URL: {}", base_url, why));
    };
    const auto parsed = boost::urls::parse_uri(base_url);
    if (!parsed) throw unusable("it must look like http://host[:port][/prefix]");
    const auto& url = *parsed;
    if (url.scheme_id() != boost::urls::scheme::http) throw unusable("only http is supported");
    if (url.encoded_host_address().empty()) throw unusable("the host is missing");
    if (url.has_userinfo()) throw unusable("credentials belong in a header");
    if (url.has_query() || url.has_fragment())
        throw unusable("it must not have a query or fragment");
    const std::string_view port = url.port();
    std::uint16_t number = 80;
    if (!port.empty()) {
        const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
        if (error != std::errc() || number == 0) throw unusable("the port is out of range");
    }
    Address address;
    address.host = url.host_address();
    address.port = number;
    address.authority = std::string(url.encoded_host_and_port());
    address.prefix = std::string(url.encoded_path());
    while (address.prefix.ends_with('/'))
        address.prefix.pop_back();
    return address;
}

}  // namespace web::client

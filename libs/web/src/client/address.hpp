// Where a client's calls go, read once from its base_url.
#pragma once

#include <cstdint>
#include <string>

namespace web::client {

struct Address {
    std::string host;  ///< a name or a numeric address, without brackets
    std::uint16_t port = 80;
    std::string authority;  ///< what the Host header says: "api:8000", "[::1]:8000"
    std::string prefix;     ///< put before every target; empty or "/path" without a final slash
};

/// Reads "http://host[:port][/prefix]". Throws base::ConfigError that says what is wrong with it.
[[nodiscard]] Address parse_address(const std::string& base_url);

}  // namespace web::client

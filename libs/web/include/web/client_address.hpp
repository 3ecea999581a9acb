// The address of the client, if proxies may stand in between.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <web/request.hpp>

namespace web {

/// The proxies whose X-Forwarded-For is trusted.
class TrustedProxies {
public:
    /// Networks in CIDR notation ("10.0.0.0/8", "fd00::/8") or single addresses. Throws
    /// base::ConfigError that names the first that is neither.
    explicit TrustedProxies(const std::vector<std::string>& networks);
    ~TrustedProxies();
    TrustedProxies(TrustedProxies&&) noexcept;
    TrustedProxies& operator=(TrustedProxies&&) noexcept;

    /// The address of the client: the peer's; but when the peer is trusted, the last address of
    /// X-Forwarded-For that is not. Anyone can write the entries before that one.
    [[nodiscard]] std::string client_of(const Request& request) const;

private:
    struct Networks;
    std::unique_ptr<Networks> networks_;
};

}  // namespace web

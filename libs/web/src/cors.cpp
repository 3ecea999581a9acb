#include "cors.hpp"

#include <algorithm>

namespace web {

bool Cors::is_preflight(const Request& request) noexcept {
    return request.method == Method::kOptions && request.headers.find("Origin") &&
           request.headers.find("Access-Control-Request-Method");
}

bool Cors::allows(std::string_view origin) const noexcept {
    return std::ranges::any_of(origins_, [origin](const std::string& allowed) {
        return allowed == "*" || allowed == origin;
    });
}

void Cors::apply(const Request& request, Response& response) const {
    if (origins_.empty()) return;
    // The answer depends on the origin, also for those without one: caches must know. It depends on
    // Accept-Encoding too: the gateway compresses it, and Traefik drops its own Vary where the
    // service has sent one.
    response.headers.add("Vary", "Origin, Accept-Encoding");
    const auto origin = request.headers.find("Origin");
    if (!origin || !allows(*origin)) return;
    response.headers.set("Access-Control-Allow-Origin", std::string(*origin));
    response.headers.set("Access-Control-Expose-Headers", "ETag, Location, Retry-After");
}

void Cors::apply_preflight(const Request& request, std::string_view methods,
                           Response& response) const {
    const auto origin = request.headers.find("Origin");
    if (!origin || !allows(*origin)) return;
    response.headers.set("Access-Control-Allow-Methods", std::string(methods));
    if (const auto headers = request.headers.joined("Access-Control-Request-Headers")) {
        response.headers.set("Access-Control-Allow-Headers", *headers);
    }
    response.headers.set("Access-Control-Max-Age", "600");
}

}  // namespace web

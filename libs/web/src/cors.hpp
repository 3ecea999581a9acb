// Cross-origin requests from browsers (https://fetch.spec.whatwg.org/#http-cors-protocol).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <web/request.hpp>
#include <web/response.hpp>

namespace web {

class Cors {
public:
    explicit Cors(std::vector<std::string> origins) : origins_(std::move(origins)) {}

    /// A preflight request: a browser asks whether it may send the real one.
    [[nodiscard]] static bool is_preflight(const Request& request) noexcept;

    /// Adds the fields that let the request's origin read the response, if the origin is allowed.
    void apply(const Request& request, Response& response) const;

    /// Adds the answer to a preflight: the methods of that path, and the headers asked for.
    void apply_preflight(const Request& request, std::string_view methods,
                         Response& response) const;

private:
    [[nodiscard]] bool allows(std::string_view origin) const noexcept;
    std::vector<std::string> origins_;
};

}  // namespace web

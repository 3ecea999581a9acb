// One request on its way through the application: what extractors read from.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <web/dependencies.hpp>
#include <web/problem.hpp>
#include <web/request.hpp>
#include <web/url.hpp>

namespace web {

class Exchange {
public:
    Exchange(const Request& request, const Dependencies& dependencies, std::string link_prefix)
        : request_(&request), dependencies_(&dependencies), link_prefix_(std::move(link_prefix)) {}

    [[nodiscard]] const Request& request() const noexcept { return *request_; }
    [[nodiscard]] const Dependencies& dependencies() const noexcept { return *dependencies_; }

    /// What a client puts before a path of this application: "/api" behind the gateway, else "".
    [[nodiscard]] const std::string& link_prefix() const noexcept { return link_prefix_; }

    /// The request's path as routed: without the prefix, still percent-encoded.
    [[nodiscard]] std::string_view path() const noexcept { return path_; }
    /// The path as the client knows it: with the prefix.
    [[nodiscard]] std::string public_path() const { return link_prefix_ + std::string(path_); }
    void set_path(std::string_view path) noexcept { path_ = path; }

    /// A parameter of the route's template, decoded.
    [[nodiscard]] const std::string& path_parameter(std::string_view name) const;
    void add_path_parameter(std::string_view name, std::string value);

    /// The fields of the query string; a query that cannot be decoded is a refusal and empty here.
    [[nodiscard]] const QueryFields& query();

    /// Adds to the list of a 422.
    void fail(std::string_view in, const schema::Issue& issue);
    [[nodiscard]] const std::vector<FieldError>& errors() const noexcept { return errors_; }

    /// Refuses the request altogether (400, 415); the first refusal counts.
    void refuse(int status, std::string detail);
    [[nodiscard]] const std::optional<ProblemDetails>& refusal() const noexcept { return refusal_; }

private:
    const Request* request_;
    const Dependencies* dependencies_;
    std::string link_prefix_;
    std::string_view path_;
    std::vector<std::pair<std::string_view, std::string>> path_parameters_;
    std::optional<QueryFields> query_;
    std::vector<FieldError> errors_;
    std::optional<ProblemDetails> refusal_;
};

}  // namespace web

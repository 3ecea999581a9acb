#include <algorithm>
#include <array>

#include <web/http.hpp>

namespace web {
namespace {

constexpr std::array<std::pair<Method, std::string_view>, 8> kMethods{{
    {Method::kGet, "GET"},
    {Method::kHead, "HEAD"},
    {Method::kPost, "POST"},
    {Method::kPut, "PUT"},
    {Method::kPatch, "PATCH"},
    {Method::kDelete, "DELETE"},
    {Method::kOptions, "OPTIONS"},
    {Method::kTrace, "TRACE"},
}};

constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string_view to_string(Method method) noexcept {
    for (const auto& [value, name] : kMethods) {
        if (value == method) return name;
    }
    return "UNKNOWN";
}

std::optional<Method> parse_method(std::string_view text) noexcept {
    for (const auto& [value, name] : kMethods) {
        if (name == text) return value;
    }
    return std::nullopt;
}

bool is_safe(Method method) noexcept {
    return method == Method::kGet || method == Method::kHead || method == Method::kOptions ||
           method == Method::kTrace;
}

std::string_view reason_phrase(int status) noexcept {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 301:
            return "Moved Permanently";
        case 302:
            return "Found";
        case 304:
            return "Not Modified";
        case 307:
            return "Temporary Redirect";
        case 308:
            return "Permanent Redirect";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 406:
            return "Not Acceptable";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 412:
            return "Precondition Failed";
        case 413:
            return "Content Too Large";
        case 415:
            return "Unsupported Media Type";
        case 417:
            return "Expectation Failed";
        case 422:
            return "Unprocessable Content";
        case 428:
            return "Precondition Required";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return "Unknown";
    }
}

bool iequals(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::optional<std::string_view> Headers::find(std::string_view name) const noexcept {
    for (const auto& [field, value] : fields_) {
        if (iequals(field, name)) return value;
    }
    return std::nullopt;
}

std::optional<std::string> Headers::joined(std::string_view name) const {
    std::optional<std::string> result;
    for (const auto& [field, value] : fields_) {
        if (!iequals(field, name)) continue;
        if (result) {
            result->append(", ").append(value);
        } else {
            result = value;
        }
    }
    return result;
}

void Headers::set(std::string_view name, std::string value) {
    erase(name);
    fields_.emplace_back(name, std::move(value));
}

void Headers::add(std::string name, std::string value) {
    fields_.emplace_back(std::move(name), std::move(value));
}

void Headers::erase(std::string_view name) {
    std::erase_if(fields_, [name](const Field& field) { return iequals(field.first, name); });
}

}  // namespace web

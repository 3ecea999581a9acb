#include "server/request_parser.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <fmt/format.h>

namespace web::server {
namespace {

namespace http = boost::beast::http;

// Stops Beast's parser after a refusal; what it says is in refusal_ by then.
constexpr auto kStop = http::error::bad_value;

struct Explanation {
    http::error error;
    int status;
    std::string_view detail;
};

constexpr Explanation kExplanations[] = {
    {http::error::header_limit, 431, "The request line and headers are too large."},
    {http::error::bad_line_ending, 400, "A line does not end in CRLF."},
    {http::error::bad_method, 400, "The method holds a character that is not allowed."},
    {http::error::bad_target, 400, "The request target is malformed."},
    {http::error::bad_version, 400, "The request line does not end in an HTTP version."},
    {http::error::bad_field, 400, "A header name holds a character that is not allowed."},
    {http::error::bad_value, 400, "A header value holds a character that is not allowed."},
    {http::error::bad_content_length, 400,
     "Content-Length is malformed or conflicts with Transfer-Encoding."},
    {http::error::multiple_content_length, 400, "There are conflicting Content-Length headers."},
    {http::error::bad_transfer_encoding, 400,
     "Transfer-Encoding is malformed or conflicts with Content-Length."},
    {http::error::bad_chunk, 400, "The chunked body is malformed."},
    {http::error::bad_chunk_extension, 400, "A chunk extension is malformed."},
};

// Whether a line of the header starts with white space and so continues the one before it. `input`
// starts with the start of a line.
bool has_folded_line(std::string_view input) {
    for (;;) {
        const auto end = input.find("\r\n");
        if (end == 0 || end == std::string_view::npos) return false;  // the header ends; or: so far
        input.remove_prefix(end + 2);
        if (input.starts_with(' ') || input.starts_with('\t')) return true;
    }
}

constexpr bool is_decimal(char c) {
    return c >= '0' && c <= '9';
}

// True if a request line that Beast refuses is well-formed but has another version: "PRI *
// HTTP/2.0".
bool asks_for_other_version(std::string_view input) {
    constexpr std::string_view kName = " HTTP/";
    const auto line = input.substr(0, input.find('\r'));
    const auto start = line.rfind(kName);
    if (start == std::string_view::npos) return false;
    const auto version = line.substr(start + kName.size());
    return version.size() == 3 && is_decimal(version[0]) && version[1] == '.' &&
           is_decimal(version[2]) && version != "1.0" && version != "1.1";
}

// The characters of uri-host [ ":" port ] (RFC 3986, 3.2.2).
bool is_host(std::string_view text) {
    constexpr std::string_view kPunctuation = "-._~%!$&'()*+,;=:[]";
    return std::ranges::all_of(text, [&](char c) {
        return is_decimal(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               kPunctuation.find(c) != std::string_view::npos;
    });
}

bool starts_with_scheme(std::string_view target, std::string_view scheme) {
    return target.size() >= scheme.size() && iequals(target.substr(0, scheme.size()), scheme);
}

}  // namespace

RequestParser::RequestParser(Limits limits) : limits_(std::move(limits)) {
    eager(true);              // take in the body with the header when both are there
    body_limit(boost::none);  // it depends on the request: check_body()
    // put() enforces the limit for the whole header; Beast's own limit starts again after each
    // field.
    header_limit(static_cast<std::uint32_t>(limits_.header_bytes));
}

std::size_t RequestParser::put(std::string_view input) {
    std::size_t consumed = 0;
    if (!got_some()) {
        // An old client's stray line break after the body of its previous request.
        while (input.substr(consumed).starts_with("\r\n"))
            consumed += 2;
        if (input.substr(consumed) == "\r") return consumed;
    }
    while (consumed < input.size() && !is_done() && !refusal_) {
        auto rest = input.substr(consumed);
        const bool in_header = !is_header_done();
        if (in_header) {
            rest = rest.substr(0, limits_.header_bytes - header_bytes_);
            // Beast takes whole fields only, so that each fold is seen here at one time or another.
            has_fold_ = has_fold_ || has_folded_line(rest);
        }
        error_code ec;
        const auto used = Base::put(boost::asio::buffer(rest), ec);
        consumed += used;
        if (ec && ec != http::error::need_more) {
            refuse_parse_error(ec, rest);
            break;
        }
        if (in_header && !is_header_done()) {
            header_bytes_ += used;
            const auto waiting = rest.size() - used;
            if (header_bytes_ + waiting >= limits_.header_bytes) {
                refuse_parse_error(http::error::header_limit, rest);
            }
            break;
        }
        // Having cut off `rest` at the header's limit must not stop the body's parsing.
        if (ec == http::error::need_more && !in_header) {
            if (rest.size() - used > kMaxFramingBytes) {
                refuse(400, "A chunk header or the trailer section is too large.");
            }
            break;
        }
    }
    return consumed;
}

void RequestParser::refuse(int status, std::string detail) {
    // The first reason is the cause; what follows from it says less.
    if (!refusal_) refusal_ = Refusal{status, std::move(detail)};
}

void RequestParser::refuse(int status, std::string detail, error_code& ec) {
    refuse(status, std::move(detail));
    ec = kStop;
}

void RequestParser::refuse_parse_error(error_code ec, std::string_view input) {
    if (ec == http::error::bad_version && asks_for_other_version(input)) {
        refuse(505, "This server speaks HTTP/1.0 and HTTP/1.1.");
        return;
    }
    const auto* const found =
        std::ranges::find_if(kExplanations, [&](const auto& entry) { return ec == entry.error; });
    if (found == std::end(kExplanations)) {
        refuse(400, "The request is malformed.");
    } else {
        refuse(found->status, std::string(found->detail));
    }
}

bool RequestParser::body_is_large() const {
    constexpr std::uint64_t kSmall = 2048;
    return is_header_done() && content_length_remaining().value_or(kSmall) >= kSmall;
}

void RequestParser::on_request_impl(http::verb, string_view method, string_view target, int version,
                                    error_code& ec) {
    version_ = version;
    const auto known = web::parse_method(method);
    if (!known) {
        refuse(501, "This server does not implement that method.", ec);
        return;
    }
    request_.method = *known;
    accept_target(target);
    if (refusal_) ec = kStop;
}

// The forms of RFC 9112, 3.2; request_.target becomes the origin form.
void RequestParser::accept_target(std::string_view target) {
    const bool is_ascii = std::ranges::all_of(target, [](char c) { return c > 0x20 && c < 0x7F; });
    if (!is_ascii || target.find('#') != std::string_view::npos) {
        refuse(400, "The request target holds a character that has to be percent-encoded.");
        return;
    }
    if (target.starts_with('/')) {
        request_.target = target;
        return;
    }
    if (target == "*" && request_.method == Method::kOptions) {
        request_.target = "*";
        return;
    }
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!starts_with_scheme(target, scheme)) continue;
        target.remove_prefix(scheme.size());
        const auto end = std::min(target.find_first_of("/?"), target.size());
        authority_ = target.substr(0, end);
        target.remove_prefix(end);
        if (authority_->empty()) break;
        const bool whole_server = target.empty() && request_.method == Method::kOptions;
        request_.target = whole_server ? "*" : target.starts_with('/') ? "" : "/";
        request_.target += target;
        return;
    }
    refuse(400, "The request target is neither a path nor an absolute URI.");
}

void RequestParser::on_field_impl(http::field field, string_view name, string_view value,
                                  error_code& ec) {
    // Trailer fields come through here too; none is merged into the header (RFC 9110, 6.5.1).
    if (is_header_done()) return;
    if (request_.headers.size() >= kMaxFields) {
        refuse(431, "The request has too many header fields.", ec);
        return;
    }
    if (field == http::field::content_length) {
        ++content_lengths_;
        if (!std::ranges::all_of(value, is_decimal)) {
            refuse(400, "Content-Length is not a number.", ec);
            return;
        }
    }
    request_.headers.add(std::string(name), std::string(value));
}

void RequestParser::on_header_impl(error_code& ec) {
    // Beast unfolds (RFC 9112, 5.2). A program that does not would read another header.
    if (has_fold_) refuse(400, "A header value is folded.");
    check_host();
    check_framing();
    if (const auto expect = request_.headers.joined("Expect"); expect && !http_1_0()) {
        if (iequals(*expect, "100-continue")) {
            expects_continue_ = !is_done();
        } else {
            refuse(417, "The only expectation that this server meets is 100-continue.");
        }
    }
    if (!refusal_) check_body(content_length().value_or(0));
    if (refusal_) ec = kStop;
}

void RequestParser::check_body(std::uint64_t bytes) {
    if (bytes > limits_.body_bytes && limits_.larger_body) {
        const auto larger = std::exchange(limits_.larger_body, nullptr)(request_);
        if (const auto* const refused = std::get_if<Refusal>(&larger)) {
            refuse(refused->status, refused->detail);
            return;
        }
        limits_.body_bytes = std::get<std::size_t>(larger);
    }
    if (bytes > limits_.body_bytes) {
        refuse(413, fmt::format("The request body has more than {} bytes.", limits_.body_bytes));
    }
}

// RFC 9112, 3.2: exactly one Host in HTTP/1.1; the authority of an absolute target replaces it.
void RequestParser::check_host() {
    std::size_t count = 0;
    for (const auto& [name, value] : request_.headers) {
        if (!iequals(name, "Host")) continue;
        ++count;
        if (!is_host(value)) refuse(400, "The Host header is malformed.");
    }
    if (count > 1) refuse(400, "The request has more than one Host header.");
    if (count == 0 && !http_1_0()) refuse(400, "The request has no Host header.");
    if (!authority_) return;
    if (!is_host(*authority_)) refuse(400, "The authority of the request target is malformed.");
    request_.headers.set("Host", *std::move(authority_));
}

// RFC 9112, 6.1 and 6.3. Where a body ends must be beyond doubt, or the next request on this
// connection could be one that was smuggled in.
void RequestParser::check_framing() {
    if (content_lengths_ > 1) refuse(400, "The request has more than one Content-Length header.");
    const auto coding = request_.headers.joined("Transfer-Encoding");
    if (!coding) return;
    if (content_lengths_ > 0) {
        refuse(400, "The request has both Content-Length and Transfer-Encoding.");
    } else if (http_1_0()) {
        refuse(400, "HTTP/1.0 has no Transfer-Encoding.");
    } else if (!iequals(*coding, "chunked")) {
        refuse(501, "The only transfer coding that this server implements is chunked.");
    }
}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) {
    // Memory follows what arrives, not what is announced: that costs a client nothing.
    constexpr std::uint64_t kTrusted = 64UL * 1024;
    request_.body.reserve(static_cast<std::size_t>(std::min(length.value_or(0), kTrusted)));
}

std::size_t RequestParser::on_body_impl(string_view body, error_code&) {
    // A client that has sent a megabyte will send the rest: no more growing, which doubles.
    constexpr std::size_t kProven = 1024UL * 1024;
    const auto announced = content_length().value_or(0);
    if (body_bytes() >= kProven && request_.body.capacity() < announced) {
        request_.body.reserve(static_cast<std::size_t>(announced));
    }
    request_.body.append(body.data(), body.size());
    return body.size();
}

void RequestParser::on_chunk_header_impl(std::uint64_t size, string_view extensions,
                                         error_code& ec) {
    check_body(size > UINT64_MAX - body_bytes() ? UINT64_MAX : body_bytes() + size);
    if (refusal_) ec = kStop;
    // Beast lets any byte pass inside a quoted string; a line break there is read as the end of
    // the extension by some proxies.
    const bool has_control = std::ranges::any_of(
        extensions, [](char c) { return (c >= 0 && c < 0x20 && c != '\t') || c == 0x7F; });
    if (has_control) refuse(400, "A chunk extension is malformed.", ec);
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, string_view body, error_code& ec) {
    return on_body_impl(body, ec);
}

void RequestParser::on_finish_impl(error_code&) {}

void RequestParser::on_response_impl(int, string_view, int, error_code&) {}

}  // namespace web::server

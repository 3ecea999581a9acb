// Bytes of a connection -> web::Request (RFC 9112). Beast's parser reads the grammar. This parser
// decides strictly whether a request is safe to pass on (framing, Host, target, limits): a request
// that two programs could read differently is refused, never repaired (RFC 9112, 11.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <boost/beast/http/basic_parser.hpp>

#include <web/request.hpp>

namespace web::server {

/// Why a request is not served: the status of the answer, and a sentence for the client.
struct Refusal {
    int status = 400;
    std::string detail;
};

/// Parses one request; make a new one for the next. It is either done(), refused, or wants more.
class RequestParser final : private boost::beast::http::basic_parser<true> {
    using Base = boost::beast::http::basic_parser<true>;

public:
    struct Limits {
        std::size_t header_bytes;  ///< request line and header fields together
        std::size_t body_bytes;    ///< content, without the framing of chunks
        /// What holds for a request that exceeds `body_bytes`: its own limit, or why not.
        std::function<std::variant<std::size_t, Refusal>(const Request&)> larger_body = {};
    };
    /// A request with more header fields is refused with 431.
    static constexpr std::size_t kMaxFields = 100;
    /// A chunk's header, and the trailer section, fit into this; more is refused with 400.
    static constexpr std::size_t kMaxFramingBytes = 16UL * 1024;

    explicit RequestParser(Limits limits);

    /// Takes in as much of `input` as it can use and returns how many bytes that were. Offer the
    /// rest again, at the front of more, unless done() or refused.
    std::size_t put(std::string_view input);
    /// Refuses the request for a reason that the parser cannot see (a timeout).
    void refuse(int status, std::string detail);

    /// A first byte has arrived; empty lines before a request do not count (RFC 9112, 2.2).
    [[nodiscard]] bool started() const noexcept { return got_some(); }
    [[nodiscard]] bool header_done() const noexcept { return is_header_done(); }
    [[nodiscard]] bool done() const noexcept { return is_done() && !refusal_; }
    [[nodiscard]] const std::optional<Refusal>& refusal() const noexcept { return refusal_; }

    /// The client holds the body back until it is told to go on (RFC 9110, 10.1.1).
    [[nodiscard]] bool expects_continue() const noexcept { return expects_continue_; }
    /// How much of the body is there.
    [[nodiscard]] std::size_t body_bytes() const noexcept { return request_.body.size(); }
    /// Large reads pay off: more of the body is to come than a small buffer holds.
    [[nodiscard]] bool body_is_large() const;

    // Meaningful once done(), and `method` as soon as the request line is in.
    [[nodiscard]] Method method() const noexcept { return request_.method; }
    [[nodiscard]] bool http_1_0() const noexcept { return version_ == 10; }
    /// The client's choice: its Connection header, or the default of its version.
    [[nodiscard]] bool wants_keep_alive() const { return keep_alive(); }
    [[nodiscard]] Request take() { return std::move(request_); }

private:
    using error_code = boost::beast::error_code;
    using string_view = boost::beast::string_view;

    void on_request_impl(boost::beast::http::verb verb, string_view method, string_view target,
                         int version, error_code& ec) override;
    void on_field_impl(boost::beast::http::field field, string_view name, string_view value,
                       error_code& ec) override;
    void on_header_impl(error_code& ec) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& ec) override;
    std::size_t on_body_impl(string_view body, error_code& ec) override;
    void on_chunk_header_impl(std::uint64_t size, string_view extensions, error_code& ec) override;
    std::size_t on_chunk_body_impl(std::uint64_t remain, string_view body, error_code& ec) override;
    void on_finish_impl(error_code& ec) override;
    // Beast calls it for requests never; the base class declares it for both kinds.
    void on_response_impl(int code, string_view reason, int version, error_code& ec) override;

    void refuse(int status, std::string detail, error_code& ec);
    void refuse_parse_error(error_code ec, std::string_view input);
    void accept_target(std::string_view target);
    void check_host();
    void check_framing();
    void check_body(std::uint64_t bytes);

    Limits limits_;
    Request request_;
    std::optional<Refusal> refusal_;
    std::optional<std::string> authority_;  // of an absolute-form target; replaces Host
    std::size_t header_bytes_ = 0;          // consumed before the end of the header
    int version_ = 11;
    int content_lengths_ = 0;
    bool has_fold_ = false;
    bool expects_continue_ = false;
};

}  // namespace web::server

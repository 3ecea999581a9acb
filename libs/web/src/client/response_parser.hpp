// Bytes of a connection -> web::Response (RFC 9112), on Beast's parser.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/beast/http/basic_parser.hpp>

#include <web/response.hpp>

namespace web::client {

/// One message of the peer's: an interim response, or the final one.
class ResponseMessage final : public boost::beast::http::basic_parser<false> {
public:
    Response response;
    bool has_other_coding = false;  // one that this client does not decode

private:
    using error_code = boost::beast::error_code;
    using string_view = boost::beast::string_view;
    using field = boost::beast::http::field;

    void on_response_impl(int code, string_view, int, error_code&) override;
    void on_field_impl(field id, string_view name, string_view value, error_code&) override;
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(string_view body, error_code&) override;
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code& ec) override {
        return on_body_impl(body, ec);
    }
    void on_finish_impl(error_code&) override {}
    // The base class declares it for both kinds of message.
    void on_request_impl(boost::beast::http::verb, string_view, string_view, int,
                         error_code&) override {}
};

/// Parses one final response; interim ones (1xx) before it are read and dropped (RFC 9110, 15.2).
class ResponseParser {
public:
    /// `to_head`: the request was a HEAD, so no body follows whatever the headers say.
    ResponseParser(std::size_t max_body_bytes, bool to_head);

    /// Takes in as much of `input` as it can use and returns how many bytes that were. Offer the
    /// rest again, at the front of more, unless done() or failed.
    std::size_t put(std::string_view input);
    /// The peer has closed: the end of a response that no length delimits, else a failure.
    void put_eof();

    [[nodiscard]] bool started() const noexcept { return started_; }
    [[nodiscard]] bool done() const noexcept { return done_; }
    /// The error of the response.
    [[nodiscard]] const std::optional<std::string>& failure() const noexcept { return failure_; }
    /// Meaningful once done(): the peer keeps the connection open.
    [[nodiscard]] bool keep_alive() const { return message_->keep_alive(); }
    [[nodiscard]] Response take() { return std::move(message_->response); }

private:
    void begin_message();
    void finish_message();

    std::size_t max_body_bytes_;
    bool to_head_;
    std::optional<ResponseMessage> message_;
    std::optional<std::string> failure_;
    std::size_t header_bytes_ = 0;
    bool started_ = false;
    bool done_ = false;
};

}  // namespace web::client

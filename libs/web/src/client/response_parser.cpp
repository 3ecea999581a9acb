#include "client/response_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <fmt/format.h>

namespace web::client {
namespace {

namespace http = boost::beast::http;

// The limit of the header, including all interim responses, and of a chunk's framing.
constexpr std::size_t kMaxHeaderBytes = 64UL * 1024;

}  // namespace

ResponseParser::ResponseParser(std::size_t max_body_bytes, bool to_head)
    : max_body_bytes_(max_body_bytes), to_head_(to_head) {
    begin_message();
}

void ResponseParser::begin_message() {
    // Beast's parser is not eager by default: each of its put() ends where the header does, which
    // lets us count the header's bytes apart from the body's.
    message_.emplace();
    message_->header_limit(kMaxHeaderBytes);
    message_->body_limit(max_body_bytes_);
    message_->skip(to_head_);
}

std::size_t ResponseParser::put(std::string_view input) {
    std::size_t consumed = 0;
    while (consumed < input.size() && !done_ && !failure_) {
        started_ = true;
        const bool in_header = !message_->is_header_done();
        boost::beast::error_code error;
        const auto used = message_->put(boost::asio::buffer(input.substr(consumed)), error);
        consumed += used;
        if (in_header) header_bytes_ += used;
        // Without an error, what is left belongs to a body or to the next message.
        const auto waiting = error ? input.size() - consumed : 0;
        if (error == http::error::body_limit) {
            failure_ = fmt::format("the response is larger than {} bytes", max_body_bytes_);
        } else if (error == http::error::header_limit ||
                   header_bytes_ + waiting > kMaxHeaderBytes) {
            failure_ = "the response header is too large";
        } else if (error && error != http::error::need_more) {
            failure_ = fmt::format("the response is malformed: {}", error.message());
        } else if (message_->is_done()) {
            finish_message();
        } else if (error) {
            break;
        }
    }
    return consumed;
}

void ResponseParser::finish_message() {
    const int status = message_->response.status;
    if (message_->has_other_coding) {
        failure_ = "the response is in a transfer coding other than chunked";
    } else if (status == 101) {
        failure_ = "the peer changed the protocol without having been asked";
    } else if (status < 200) {
        begin_message();
    } else {
        done_ = true;
    }
}

void ResponseParser::put_eof() {
    boost::beast::error_code error = http::error::partial_message;
    if (message_->got_some()) message_->put_eof(error);
    if (error) {
        failure_ = "the peer closed the connection before the end of the response";
    } else {
        finish_message();
    }
}

void ResponseMessage::on_response_impl(int code, string_view, int, error_code&) {
    response.status = code;
}

void ResponseMessage::on_field_impl(field id, string_view name, string_view value, error_code&) {
    // Trailer fields come through here too; none is merged into the header (RFC 9110, 6.5.1).
    if (is_header_done()) return;
    if (id == field::transfer_encoding && !iequals(value, "chunked")) has_other_coding = true;
    response.headers.add(std::string(name), std::string(value));
}

std::size_t ResponseMessage::on_body_impl(string_view body, error_code&) {
    response.body.append(body.data(), body.size());
    return body.size();
}

}  // namespace web::client

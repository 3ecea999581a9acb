#include <exception>
#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <schema/text.hpp>
#include <web/test_client.hpp>

namespace web {

boost::json::value TestClient::Reply::json() const {
    return boost::json::parse(content());
}

std::string TestClient::Reply::header(std::string_view name) const {
    return std::string(headers.find(name).value_or(""));
}

TestClient::Reply TestClient::send(Request request) {
    boost::asio::io_context own(1);
    auto& context = context_ == nullptr ? own : *context_;
    std::optional<Response> response;
    std::exception_ptr failure;
    boost::asio::co_spawn(context, handler_->handle(std::move(request)),
                          [&](const std::exception_ptr& error, Response result) {
                              failure = error;
                              response = std::move(result);
                          });
    // Not run(): a context that is shared has work that never ends (idle connections).
    context.restart();
    while (!response && context.run_one() > 0) {
    }
    if (failure) std::rethrow_exception(failure);
    return {*std::move(response)};
}

TestClient::Reply TestClient::get(std::string target, Headers headers) {
    return send({.target = std::move(target), .headers = std::move(headers)});
}

TestClient::Reply TestClient::del(std::string target, Headers headers) {
    return send(
        {.method = Method::kDelete, .target = std::move(target), .headers = std::move(headers)});
}

TestClient::Reply TestClient::post(std::string target, const boost::json::value& body,
                                   Headers headers) {
    return send_json(Method::kPost, std::move(target), body, std::move(headers));
}

TestClient::Reply TestClient::put(std::string target, const boost::json::value& body,
                                  Headers headers) {
    return send_json(Method::kPut, std::move(target), body, std::move(headers));
}

TestClient::Reply TestClient::patch(std::string target, const boost::json::value& body,
                                    Headers headers) {
    return send_json(Method::kPatch, std::move(target), body, std::move(headers));
}

TestClient::Reply TestClient::send_json(Method method, std::string target,
                                        const boost::json::value& body, Headers headers) {
    if (!headers.find("Content-Type")) headers.set("Content-Type", "application/json");
    Request request{.method = method, .target = std::move(target), .headers = std::move(headers)};
    schema::append_json(request.body, body);
    return send(std::move(request));
}

}  // namespace web

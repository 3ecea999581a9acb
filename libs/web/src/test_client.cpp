#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <base/spawn.hpp>
#include <schema/text.hpp>
#include <web/test_client.hpp>

namespace web {
namespace {

// Far more than a test waits for, and less than its runner grants.
constexpr std::chrono::seconds kLimit(30);

// Runs the task to its end. Not with run(): a context that is shared has work that never ends (idle
// connections).
template <class T>
T run(boost::asio::io_context& context, base::Task<T> task) {
    // Shared with the task, which outlives this call if it exceeds the limit.
    struct Outcome {
        std::optional<T> value;
        std::exception_ptr failure;
    };
    const auto outcome = std::make_shared<Outcome>();
    base::spawn(context, std::move(task), [outcome](const std::exception_ptr& failure, T value) {
        outcome->failure = failure;
        outcome->value = std::move(value);
    });
    context.restart();
    // Another thread may complete the operation that the task awaits.
    const auto work = boost::asio::make_work_guard(context);
    const auto deadline = std::chrono::steady_clock::now() + kLimit;
    while (!outcome->value && context.run_one_until(deadline) > 0) {
    }
    if (outcome->failure) std::rethrow_exception(outcome->failure);
    if (!outcome->value) throw std::runtime_error("the task did not end in time");
    return *std::move(outcome->value);
}

}  // namespace

boost::json::value TestClient::Reply::json() const {
    return boost::json::parse(content());
}

std::string TestClient::Reply::header(std::string_view name) const {
    return std::string(headers.find(name).value_or(""));
}

std::optional<std::string> TestClient::Open::next() {
    return run(*context_, reply.stream->next());
}

TestClient::Reply TestClient::send(Request request) {
    boost::asio::io_context own(1);
    auto& context = context_ == nullptr ? own : *context_;
    Reply reply{run(context, handler_->handle(std::move(request)))};
    while (reply.stream) {
        auto piece = run(context, reply.stream->next());
        if (piece) {
            reply.body += *piece;
        } else {
            reply.stream.reset();
        }
    }
    return reply;
}

TestClient::Open TestClient::open(Request request) {
    Open open;
    open.context_ = context_ == nullptr ? std::make_shared<boost::asio::io_context>(1)
                                        : std::shared_ptr<boost::asio::io_context>(
                                              std::shared_ptr<void>(), context_);
    open.reply = Reply{run(*open.context_, handler_->handle(std::move(request)))};
    if (!open.reply.stream) throw std::runtime_error("the response is not streamed");
    return open;
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

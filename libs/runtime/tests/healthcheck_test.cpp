#include <cstdint>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <runtime/healthcheck.hpp>
#include <web/handler.hpp>
#include <web/server.hpp>

namespace {

using testing::HasSubstr;

// Answers GET /health with a fixed status.
class Health : public web::Handler {
public:
    explicit Health(int status) : status_(status) {}
    base::Task<web::Response> handle(web::Request request) override {
        return web::completed(
            web::text_response(request.target == "/health" ? status_ : 404, "text/plain", ""));
    }
    web::Response refuse(int status, std::string_view) override {
        return web::text_response(status, "text/plain", "");
    }

private:
    int status_;
};

// The status of healthcheck() against a server that answers so.
int healthcheck_of(int status) {
    Health handler(status);
    boost::asio::io_context context;
    boost::asio::io_context* const contexts[] = {&context};
    web::Server server({.host = "127.0.0.1"}, handler, contexts);
    server.start();
    std::thread thread([&context] { context.run(); });
    const int result = runtime::healthcheck(server.port());
    context.stop();
    thread.join();
    return result;
}

TEST(Healthcheck, PassesOnlyWith200) {
    EXPECT_EQ(healthcheck_of(200), 0);
    testing::internal::CaptureStderr();
    EXPECT_EQ(healthcheck_of(500), 1);
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("status 500"));
}

TEST(Healthcheck, FailsWithoutAServer) {
    // A port that was free a moment ago.
    boost::asio::io_context context;
    boost::asio::ip::tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
    const auto port = acceptor.local_endpoint().port();
    acceptor.close();
    testing::internal::CaptureStderr();
    EXPECT_EQ(runtime::healthcheck(port), 1);
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("no answer"));
}

}  // namespace

#include <array>
#include <cstdio>
#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <runtime/healthcheck.hpp>
#include <web/client.hpp>

namespace runtime {

namespace asio = boost::asio;

int healthcheck(std::uint16_t port) {
    asio::io_context context;
    web::Client client(
        {.base_url = fmt::format("http://127.0.0.1:{}", port), .timeout = std::chrono::seconds(2)},
        std::array{&context});
    std::string problem;
    asio::co_spawn(context, client.get("/health"),
                   [&](const std::exception_ptr& failure, const web::Response& response) {
                       if (failure) {
                           problem = "no answer";
                       } else if (response.status != 200) {
                           problem = fmt::format("status {}", response.status);
                       }
                   });
    context.run();
    if (problem.empty()) return 0;
    std::fputs(fmt::format("GET http://127.0.0.1:{}/health: {}\n", port, problem).c_str(), stderr);
    return 1;
}

}  // namespace runtime

// A database behind a proxy that can be cut.
#pragma once

#include <memory>
#include <string>

#include <boost/asio/steady_timer.hpp>

#include "conninfo.hpp"
#include "proxy.hpp"
#include "support.hpp"

namespace postgres::testing_support {

class ProxiedDatabaseTest : public DatabaseTest {
protected:
    void SetUp() override {
        const Conninfo server(url(), "test");
        proxy_ = std::make_unique<Proxy>(std::string(server.value("host")),
                                         std::string(server.value("port")));
        for (const char* keyword : {"user", "password", "dbname"}) {
            if (server.value(keyword).empty()) continue;
            through_proxy_ += fmt::format("{}='{}' ", keyword, server.value(keyword));
        }
        through_proxy_ += fmt::format("host=127.0.0.1 port={}", proxy_->port());
    }

    base::Task<> sleep(std::chrono::milliseconds duration) {
        boost::asio::steady_timer timer(context_, duration);
        co_await timer.async_wait(boost::asio::use_awaitable);
    }
    /// Ends the test's connections on the server's side, and waits until they are gone.
    void terminate() const {
        sql("select pg_terminate_backend(pid, 10000) from pg_stat_activity"
            " where application_name = current_schema()");
    }

    std::unique_ptr<Proxy> proxy_;
    std::string through_proxy_;
};

}  // namespace postgres::testing_support

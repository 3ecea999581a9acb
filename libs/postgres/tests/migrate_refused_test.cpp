// Which refusals of a server migrate() waits out.
#include <array>
#include <atomic>
#include <string>
#include <string_view>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <postgres/errors.hpp>
#include <postgres/migrations.hpp>

namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;

// Answers every connection with a fatal ErrorResponse, as a server set to Russian does.
class RefusingServer {
public:
    explicit RefusingServer(std::string_view sqlstate) {
        std::string fields;
        for (const std::string& field :
             {std::string("S\u0412\u0410\u0416\u041D\u041E"), fmt::format("C{}", sqlstate),
              std::string("M\u043D\u0435\u0442")}) {
            fields.append(field).push_back('\0');
        }
        fields.push_back('\0');
        answer_ = {'E', 0, 0, 0, static_cast<char>(4 + fields.size())};
        answer_ += fields;
        accept();
        thread_ = std::jthread([this] { context_.run(); });
    }
    ~RefusingServer() { context_.stop(); }
    RefusingServer(const RefusingServer&) = delete;
    RefusingServer& operator=(const RefusingServer&) = delete;

    [[nodiscard]] std::string url() const {
        return fmt::format("postgresql://user@127.0.0.1:{}/db?sslmode=disable&gssencmode=disable",
                           acceptor_.local_endpoint().port());
    }
    [[nodiscard]] int connections() const { return connections_; }

private:
    void accept() {
        acceptor_.async_accept([this](const boost::system::error_code& error, tcp::socket socket) {
            if (error) return;
            ++connections_;
            std::array<char, 1024> startup{};
            socket.read_some(boost::asio::buffer(startup));
            boost::asio::write(socket, boost::asio::buffer(answer_));
            accept();
        });
    }

    boost::asio::io_context context_;
    tcp::acceptor acceptor_{context_, {boost::asio::ip::address_v4::loopback(), 0}};
    std::string answer_;
    std::atomic<int> connections_ = 0;
    std::jthread thread_;
};

int attempts(std::string_view sqlstate) {
    const RefusingServer server(sqlstate);
    const postgres::Migrations migrations({{.version = 1, .name = {}, .sql = {}, .checksum = {}}});
    EXPECT_THROW(postgres::migrate(server.url(), migrations, {.database_wait = 500ms}),
                 postgres::ConnectionLost);
    return server.connections();
}

TEST(MigrateRefused, WaitsForAServerThatStartsOrIsFull) {
    EXPECT_GT(attempts("57P03"), 2);
    EXPECT_GT(attempts("53300"), 2);
}

// The second attempt is the one that learns the reason.
TEST(MigrateRefused, GivesUpAtOnceWhenWaitingCuresNothing) {
    for (const auto* sqlstate : {"3D000", "28P01", "28000", "42704"}) {
        EXPECT_EQ(attempts(sqlstate), 2) << sqlstate;
    }
}

}  // namespace

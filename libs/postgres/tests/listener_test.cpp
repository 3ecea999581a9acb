// What a listener does without a database.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <base/errors.hpp>
#include <postgres/listener.hpp>

namespace asio = boost::asio;

namespace {

using namespace std::chrono_literals;
using postgres::Listener;
using postgres::ListenerConfig;

// Nobody listens on the discard port of this machine.
constexpr const char* kNobody = "postgresql://nobody@127.0.0.1:9/nothing";

TEST(ListenerConfig, RefusesWhatMakesNoSense) {
    asio::io_context context;
    const auto refused = [&](ListenerConfig config) {
        EXPECT_THROW(Listener(std::move(config), context), base::ConfigError);
    };
    refused({.url = "nonsense", .channels = {"c"}});
    refused({.url = kNobody});
    refused({.url = kNobody, .channels = {""}});
    refused({.url = kNobody, .channels = {std::string(64, 'c')}});
    refused({.url = kNobody, .channels = {std::string("a\0b", 3)}});
    refused({.url = kNobody, .channels = {"c"}, .ping_interval = 0ms});
    refused({.url = kNobody, .channels = {"c"}, .max_buffered = 0});
    EXPECT_NO_THROW(Listener({.url = kNobody, .channels = {std::string(63, 'c')}}, context));
}

TEST(Listener, StopsWhileTheDatabaseIsAway) {
    asio::io_context context;
    Listener listener({.url = kNobody, .channels = {"c"}}, context);
    listener.start();
    auto event = asio::co_spawn(context, listener.next(), asio::use_future);
    context.run_for(200ms);  // several attempts
    listener.stop();
    context.run_for(20s);
    EXPECT_TRUE(context.stopped());
    EXPECT_EQ(event.get(), std::nullopt);
}

TEST(Listener, HasOneReaderOnItsIoContext) {
    asio::io_context context;
    asio::io_context other;
    Listener listener({.url = kNobody, .channels = {"c"}}, context);
    auto elsewhere = asio::co_spawn(other, listener.next(), asio::use_future);
    other.run();
    EXPECT_THROW(elsewhere.get(), std::logic_error);

    auto first = asio::co_spawn(context, listener.next(), asio::use_future);
    auto second = asio::co_spawn(context, listener.next(), asio::use_future);
    listener.stop();
    context.run();
    EXPECT_THROW(second.get(), std::logic_error);
    EXPECT_EQ(first.get(), std::nullopt);
}

}  // namespace

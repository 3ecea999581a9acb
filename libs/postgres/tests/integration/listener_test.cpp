// NOTIFY arrives, and what an outage swallowed is told.
#include <postgres/listener.hpp>

#include "proxied.hpp"

namespace {

using namespace postgres;
using namespace std::chrono_literals;
using Kind = ListenerEvent::Kind;

class Listening : public testing_support::ProxiedDatabaseTest {
protected:
    Listener& listen(ListenerConfig config = {}) {
        if (config.url.empty()) config.url = url();
        // Channels belong to the whole database: each test has its own.
        if (config.channels.empty()) config.channels = {schema_.name()};
        config.application_name = schema_.name();
        listener_ = std::make_unique<Listener>(std::move(config), context_);
        listener_->start();
        return *listener_;
    }
    void TearDown() override {
        listener_.reset();
        DatabaseTest::TearDown();
    }
    // The next event; a failure of the test when it does not come.
    base::Task<ListenerEvent> expect_event() {
        boost::asio::steady_timer limit(context_, 5s);
        limit.async_wait([this](const boost::system::error_code& error) {
            if (!error) listener_->stop();
        });
        auto event = co_await listener_->next();
        EXPECT_TRUE(event.has_value()) << "no event within 5 s";
        co_return event.value_or(ListenerEvent{});
    }
    void notify(std::string_view payload) const {
        sql(fmt::format("select pg_notify('{}', '{}')", schema_.name(), payload));
    }

    std::unique_ptr<Listener> listener_;
};

TEST_F(Listening, BeginsWithAGapAndDeliversInOrder) {
    listen();
    run([&]() -> base::Task<> {
        EXPECT_EQ((co_await expect_event()).kind, Kind::kGap);
        notify("one");
        notify("");
        notify("ñandú \"quoted\" 🦤");
        EXPECT_EQ(co_await expect_event(),
                  (ListenerEvent{Kind::kNotification, schema_.name(), "one"}));
        EXPECT_EQ(co_await expect_event(),
                  (ListenerEvent{Kind::kNotification, schema_.name(), ""}));
        EXPECT_EQ((co_await expect_event()).payload, "ñandú \"quoted\" 🦤");
    });
}

TEST_F(Listening, TakesAnyChannelNameLiterally) {
    const std::string odd = schema_.name() + " \"A\"; drop table t";
    listen({.channels = {schema_.name(), odd}});
    run([&]() -> base::Task<> {
        EXPECT_EQ((co_await expect_event()).kind, Kind::kGap);
        sql(fmt::format("select pg_notify('{}', 'x')", odd));
        EXPECT_EQ((co_await expect_event()).channel, odd);
    });
}

TEST_F(Listening, TellsThatItWasAwayAfterItsBackendWasTerminated) {
    listen();
    run([&]() -> base::Task<> {
        EXPECT_EQ((co_await expect_event()).kind, Kind::kGap);
        terminate();
        EXPECT_EQ((co_await expect_event()).kind, Kind::kGap);
        notify("after");
        EXPECT_EQ((co_await expect_event()).payload, "after");
    });
}

TEST_F(Listening, ComesBackAfterAnOutage) {
    listen({.url = through_proxy_});
    run([&]() -> base::Task<> {
        EXPECT_EQ((co_await expect_event()).kind, Kind::kGap);
        proxy_->cut();
        notify("lost");
        co_await sleep(200ms);
        proxy_->restore();
        EXPECT_EQ((co_await expect_event()).kind, Kind::kGap);
        notify("after");
        EXPECT_EQ((co_await expect_event()).payload, "after");
    });
}

TEST_F(Listening, NoticesAServerThatIsSilent) {
    listen({.url = through_proxy_, .connect_timeout = 200ms, .ping_interval = 100ms});
    run([&]() -> base::Task<> {
        EXPECT_EQ((co_await expect_event()).kind, Kind::kGap);
        co_await sleep(300ms);  // pings are answered
        notify("alive");
        EXPECT_EQ((co_await expect_event()).payload, "alive");
        proxy_->freeze();
        co_await sleep(500ms);
        proxy_->thaw();
        EXPECT_EQ((co_await expect_event()).kind, Kind::kGap);
    });
}

TEST_F(Listening, ReplacesWhatASlowReaderLeftByAGap) {
    listen({.max_buffered = 10});
    run([&]() -> base::Task<> {
        EXPECT_EQ((co_await expect_event()).kind, Kind::kGap);
        sql(fmt::format("select pg_notify('{}', n::text) from generate_series(1, 11) n",
                        schema_.name()));
        co_await sleep(200ms);
        EXPECT_EQ((co_await expect_event()).kind, Kind::kGap);
        notify("after");
        EXPECT_EQ((co_await expect_event()).payload, "after");
    });
}

TEST_F(Listening, EndsWhenItIsStopped) {
    listen();
    run_all({[&]() -> base::Task<> {
                 EXPECT_EQ((co_await expect_event()).kind, Kind::kGap);
                 EXPECT_EQ(co_await listener_->next(), std::nullopt);
                 EXPECT_EQ(co_await listener_->next(), std::nullopt);
             },
             [&]() -> base::Task<> {
                 co_await sleep(100ms);
                 listener_->stop();
             }});
    // Nothing keeps the io_context busy any more.
    EXPECT_TRUE(is_idle());
}

}  // namespace

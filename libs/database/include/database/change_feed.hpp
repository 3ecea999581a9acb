// The changes of a log as they happen. NOTIFY only says that there is something to read, so what is
// lost with a connection is a hint, never a change.
#pragma once

#include <deque>
#include <exception>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>

#include <base/errors.hpp>
#include <base/per_thread.hpp>
#include <base/spawn.hpp>
#include <base/task.hpp>
#include <base/use_task.hpp>
#include <database/change_log.hpp>
#include <database/detail/thread_feed.hpp>
#include <postgres/listener.hpp>
#include <postgres/pool.hpp>

namespace database {

/// Each thread reads new changes once for all of its clients and keeps the newest 1,000 in memory.
/// A client that is slower, or was away, reads what it lacks from the log in pages of its own: the
/// log is its buffer.
template <ChangeLog Log>
class ChangeFeed {
    using ThreadFeed = detail::ThreadFeed<Log>;
    using Feeds = base::PerThread<std::shared_ptr<ThreadFeed>>;

public:
    using Change = database::Change<typename Log::Record>;
    class Stream;

    /// `database` and the contexts outlive this. A connection of its own listens, with
    /// `application_name`.
    ChangeFeed(postgres::Pool& database, std::span<boost::asio::io_context* const> contexts,
               std::string application_name)
        : listening_context_(*contexts.front()),
          listener_(std::make_shared<postgres::Listener>(
              postgres::ListenerConfig{.url = database.config().url,
                                       .channels = {std::string(Log::kTable.view())},
                                       .application_name = std::move(application_name)},
              listening_context_)),
          feeds_(std::make_shared<Feeds>(contexts, [&database](boost::asio::io_context& context) {
              return std::make_shared<ThreadFeed>(database, context);
          })) {}

    /// Begins to listen; call it once.
    void start() {
        listener_->start();
        base::spawn(listening_context_, pass_on(listener_, feeds_));
    }
    /// Ends every stream. From any thread; the contexts have to run on until all is closed.
    void stop() {
        listener_->stop();
        feeds_->for_each([](auto&, const auto& feed) { feed->stop(); });
    }

    /// Everything after that place. Without one, or with one that is not in the log (any more), the
    /// stream begins with a reset.
    [[nodiscard]] std::unique_ptr<Stream> subscribe(std::optional<LogPosition> after) {
        return std::make_unique<Stream>(feeds_->here(), after);
    }

private:
    static base::Task<> pass_on(std::shared_ptr<postgres::Listener> listener,
                                std::shared_ptr<Feeds> feeds) {
        // A gap, after the connection was away, is as good a reason to look as a notification.
        while (co_await listener->next())
            feeds->for_each([](auto&, const auto& feed) { feed->wake(); });
    }

    boost::asio::io_context& listening_context_;
    std::shared_ptr<postgres::Listener> listener_;
    std::shared_ptr<Feeds> feeds_;
};

/// The changes for one client, in order, each once. Used on the thread that subscribed.
template <ChangeLog Log>
class ChangeFeed<Log>::Stream {
public:
    Stream(std::shared_ptr<ThreadFeed> feed, std::optional<LogPosition> after)
        : feed_(std::move(feed)), resume_after_(after), pause_(feed_->context()) {
        feed_->join();
    }
    ~Stream() { feed_->leave(); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    struct Next {
        LogPosition position;  ///< where a client that was told this goes on
        /// nullopt: a reset. What follows is all that happens from now on, and only that.
        std::optional<Change> change;
    };

    /// Waits for the next one, through outages of the database too, and while its schema does not
    /// fit; nullopt after stop().
    [[nodiscard]] base::Task<std::optional<Next>> next();

    /// Makes a waiting next(), and any later one, return nullopt soon.
    void stop() noexcept {
        stopped_ = true;
        pause_.cancel();
        feed_->wake_streams();
    }

private:
    // The next change that can be had without waiting for one to happen.
    [[nodiscard]] base::Task<std::optional<Next>> look();

    Next take_from_page() {
        Change change = std::move(page_.front());
        page_.pop_front();
        return {change.position, std::move(change)};
    }

    std::shared_ptr<ThreadFeed> feed_;
    std::optional<LogPosition> resume_after_;
    std::optional<LogPosition> place_;  // after the last change that was yielded
    std::deque<Change> page_;           // read from the log, while memory does not reach back
    boost::asio::steady_timer pause_;
    bool stopped_ = false;
};

template <ChangeLog Log>
auto ChangeFeed<Log>::Stream::next() -> base::Task<std::optional<Next>> {
    while (!stopped_ && !feed_->stopped()) {
        const auto seen = feed_->news();
        bool away = false;
        std::optional<Next> found;
        try {
            found = co_await look();
        } catch (const base::Unavailable&) {
            away = true;
        } catch (const boost::system::system_error&) {
            throw;  // the reader was cancelled
        } catch (const std::exception& error) {
            feed_->failures().failed(error);
            away = true;
        }
        if (found) {
            place_ = found->position;
            co_return found;
        }
        if (stopped_) break;
        if (away) {
            pause_.expires_after(detail::kLookAgain);
            (void)co_await pause_.async_wait(base::use_task);
        } else {
            co_await feed_->wait_for_news(seen);
        }
    }
    co_return std::nullopt;
}

template <ChangeLog Log>
auto ChangeFeed<Log>::Stream::look() -> base::Task<std::optional<Next>> {
    if (!place_) {
        const bool resumes =
            resume_after_ && co_await has_change_at<Log>(feed_->database(), *resume_after_);
        if (!resumes) {
            if (!feed_->end()) co_return std::nullopt;
            co_return Next{*feed_->end(), std::nullopt};
        }
        place_ = resume_after_;
    }
    if (!page_.empty()) co_return take_from_page();
    if (feed_->reaches_back_to(*place_)) {
        const auto* change = feed_->after(*place_);
        if (change == nullptr) co_return std::nullopt;
        co_return Next{change->position, *change};
    }
    auto page = co_await read_changes<Log>(feed_->database(), *place_, detail::kPage);
    page_.assign(std::make_move_iterator(page.begin()), std::make_move_iterator(page.end()));
    if (page_.empty()) co_return std::nullopt;
    co_return take_from_page();
}

}  // namespace database

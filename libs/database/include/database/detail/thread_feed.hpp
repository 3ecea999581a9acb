// The newest changes of a log, for the streams of one thread: a part of change_feed.hpp.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <base/errors.hpp>
#include <base/spawn.hpp>
#include <base/task.hpp>
#include <base/use_task.hpp>
#include <database/change_log.hpp>
#include <postgres/pool.hpp>
#include <runtime/failure_log.hpp>

namespace database::detail {

inline constexpr std::size_t kKept = 1000;
inline constexpr std::int64_t kPage = 200;
// Changes of a transaction that others overtook are announced once, before they can be read; and a
// connection that listens may be away.
inline constexpr std::chrono::seconds kLookAgain(1);

template <ChangeLog Log>
class ThreadFeed : public std::enable_shared_from_this<ThreadFeed<Log>> {
public:
    using Change = database::Change<typename Log::Record>;

    ThreadFeed(postgres::Pool& database, boost::asio::io_context& context)
        : database_(database),
          context_(context),
          news_(context, boost::asio::steady_timer::time_point::max()),
          alarm_(context) {}

    [[nodiscard]] boost::asio::io_context& context() const noexcept { return context_; }
    [[nodiscard]] postgres::Pool& database() const noexcept { return database_; }

    /// From any thread: there may be new changes.
    void wake() {
        boost::asio::post(context_, [self = this->shared_from_this()] {
            self->woken_ = true;
            self->alarm_.cancel();
        });
    }
    void stop() {
        boost::asio::post(context_, [self = this->shared_from_this()] {
            self->stopped_ = true;
            self->alarm_.cancel();
            self->wake_streams();
        });
    }
    [[nodiscard]] bool stopped() const noexcept { return stopped_; }
    /// Refused by the database, for example before the schema is migrated: treated like an outage.
    [[nodiscard]] runtime::FailureLog& failures() noexcept { return failures_; }

    // A feed that nobody reads asks the database nothing.
    void join() {
        if (streams_++ > 0 || reading_) return;
        reading_ = true;
        base::spawn(context_, read(this->shared_from_this()));
    }
    void leave() noexcept {
        --streams_;
        alarm_.cancel();
    }

    /// Behind the newest change; nullopt: not known yet.
    [[nodiscard]] std::optional<LogPosition> end() const { return end_; }

    /// The change after that place; nullptr: there is none, or memory does not go back that far.
    [[nodiscard]] const Change* after(LogPosition place) const {
        const auto next = std::ranges::upper_bound(kept_, place, std::less(), &Change::position);
        return reaches_back_to(place) && next != kept_.end() ? &*next : nullptr;
    }
    [[nodiscard]] bool reaches_back_to(LogPosition place) const { return end_ && place >= begin_; }

    /// Counts what wait_for_news() reports.
    [[nodiscard]] std::size_t news() const noexcept { return news_count_; }
    /// Waits for more news than `seen`.
    base::Task<> wait_for_news(std::size_t seen) {
        while (news_count_ == seen)
            (void)co_await news_.async_wait(base::use_task);
    }
    void wake_streams() {
        ++news_count_;
        news_.cancel();
    }

private:
    static base::Task<> read(std::shared_ptr<ThreadFeed> self) {
        while (self->streams_ > 0 && !self->stopped_) {
            self->woken_ = false;
            bool more = false;
            try {
                more = co_await self->read_page();
                self->failures_.succeeded();
            } catch (const base::Unavailable&) {
                // The pool has logged it; changes wait in the log.
            } catch (const std::exception& error) {
                self->failures_.failed(error);
            }
            if (more || self->woken_ || self->stopped_) continue;
            self->alarm_.expires_after(kLookAgain);
            (void)co_await self->alarm_.async_wait(base::use_task);
        }
        // The next client starts with an empty memory, which misses the changes until then.
        self->kept_.clear();
        self->end_.reset();
        self->reading_ = false;
    }

    // True if there may be more at once.
    base::Task<bool> read_page() {
        if (!end_) {
            begin_ = co_await end_of_log<Log>(database_);
            end_ = begin_;
            wake_streams();
        }
        auto page = co_await read_changes<Log>(database_, *end_, kPage);
        if (page.empty()) co_return false;
        for (auto& change : page)
            kept_.push_back(std::move(change));
        for (; kept_.size() > kKept; kept_.pop_front())
            begin_ = kept_.front().position;
        end_ = kept_.back().position;
        wake_streams();
        co_return static_cast<std::int64_t>(page.size()) == kPage;
    }

    postgres::Pool& database_;
    boost::asio::io_context& context_;
    std::deque<Change> kept_;
    LogPosition begin_;                // before the first of them
    std::optional<LogPosition> end_;   // after the last
    boost::asio::steady_timer news_;   // cancelled to wake the streams
    boost::asio::steady_timer alarm_;  // cancelled to wake read()
    runtime::FailureLog failures_{std::string(Log::kTable.view()) + " cannot be read"};
    std::size_t news_count_ = 0;
    std::size_t streams_ = 0;
    bool reading_ = false;
    bool woken_ = false;
    bool stopped_ = false;
};

}  // namespace database::detail

#include <algorithm>
#include <chrono>
#include <deque>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>
#include <services/item_event_log.hpp>
#include <services/item_events.hpp>

#include <base/errors.hpp>
#include <base/spawn.hpp>
#include <base/use_task.hpp>
#include <runtime/failure_log.hpp>

namespace app {
namespace {

namespace asio = boost::asio;
using base::Task;

constexpr std::size_t kKept = 1000;
constexpr std::int64_t kPage = 200;
// Events of a transaction that others overtook are announced once, before they can be read; and a
// connection that listens may be away.
constexpr std::chrono::seconds kLookAgain(1);

}  // namespace

/// The newest events, for the streams of one thread.
class ItemEvents::Feed : public std::enable_shared_from_this<Feed> {
public:
    Feed(postgres::Pool& database, asio::io_context& context)
        : database_(database),
          context_(context),
          news_(context, asio::steady_timer::time_point::max()),
          alarm_(context) {}

    [[nodiscard]] asio::io_context& context() const noexcept { return context_; }
    [[nodiscard]] postgres::Pool& database() const noexcept { return database_; }

    /// From any thread: there may be new events.
    void wake() {
        asio::post(context_, [self = shared_from_this()] {
            self->woken_ = true;
            self->alarm_.cancel();
        });
    }
    void stop() {
        asio::post(context_, [self = shared_from_this()] {
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
        base::spawn(context_, read(shared_from_this()));
    }
    void leave() noexcept {
        --streams_;
        alarm_.cancel();
    }

    /// Behind the newest event; nullopt: not known yet.
    [[nodiscard]] std::optional<EventPosition> end() const { return end_; }

    /// The event after that place; nullptr: there is none, or memory does not go back that far.
    [[nodiscard]] const PositionedEvent* after(EventPosition place) const {
        const auto next =
            std::ranges::upper_bound(kept_, place, std::less(), &PositionedEvent::position);
        return reaches_back_to(place) && next != kept_.end() ? &*next : nullptr;
    }
    [[nodiscard]] bool reaches_back_to(EventPosition place) const {
        return end_ && place >= begin_;
    }

    /// Counts what wait_for_news() reports.
    [[nodiscard]] std::size_t news() const noexcept { return news_count_; }
    /// Waits for more news than `seen`.
    Task<> wait_for_news(std::size_t seen) {
        while (news_count_ == seen)
            (void)co_await news_.async_wait(base::use_task);
    }
    void wake_streams() {
        ++news_count_;
        news_.cancel();
    }

private:
    static Task<> read(std::shared_ptr<Feed> self) {
        while (self->streams_ > 0 && !self->stopped_) {
            self->woken_ = false;
            bool more = false;
            try {
                more = co_await self->read_page();
                self->failures_.succeeded();
            } catch (const base::Unavailable&) {
                // The pool has logged it; events wait in the table.
            } catch (const std::exception& error) {
                self->failures_.failed(error);
            }
            if (more || self->woken_ || self->stopped_) continue;
            self->alarm_.expires_after(kLookAgain);
            (void)co_await self->alarm_.async_wait(base::use_task);
        }
        // The next client starts with an empty memory, which misses the events until then.
        self->kept_.clear();
        self->end_.reset();
        self->reading_ = false;
    }

    // True if there may be more at once.
    Task<bool> read_page() {
        if (!end_) {
            begin_ = co_await end_of_events(database_);
            end_ = begin_;
            wake_streams();
        }
        auto page = co_await read_events(database_, *end_, kPage);
        if (page.empty()) co_return false;
        for (auto& event : page)
            kept_.push_back(std::move(event));
        for (; kept_.size() > kKept; kept_.pop_front())
            begin_ = kept_.front().position;
        end_ = kept_.back().position;
        wake_streams();
        co_return static_cast<std::int64_t>(page.size()) == kPage;
    }

    postgres::Pool& database_;
    asio::io_context& context_;
    std::deque<PositionedEvent> kept_;
    EventPosition begin_;               // before the first of them
    std::optional<EventPosition> end_;  // after the last
    asio::steady_timer news_;           // cancelled to wake the streams
    asio::steady_timer alarm_;          // cancelled to wake read()
    runtime::FailureLog failures_{"item events cannot be read"};
    std::size_t news_count_ = 0;
    std::size_t streams_ = 0;
    bool reading_ = false;
    bool woken_ = false;
    bool stopped_ = false;
};

ItemEvents::Stream::Stream(std::shared_ptr<Feed> feed, std::optional<EventPosition> after)
    : feed_(std::move(feed)), resume_after_(after), pause_(feed_->context()) {
    feed_->join();
}

ItemEvents::Stream::~Stream() {
    feed_->leave();
}

Task<std::optional<PositionedEvent>> ItemEvents::Stream::next() {
    while (!stopped_ && !feed_->stopped()) {
        const auto seen = feed_->news();
        bool away = false;
        std::optional<PositionedEvent> event;
        try {
            event = co_await look();
        } catch (const base::Unavailable&) {
            away = true;
        } catch (const boost::system::system_error&) {
            throw;  // the reader was cancelled
        } catch (const std::exception& error) {
            feed_->failures().failed(error);
            away = true;
        }
        if (event) {
            place_ = event->position;
            co_return event;
        }
        if (stopped_) break;
        if (away) {
            pause_.expires_after(kLookAgain);
            (void)co_await pause_.async_wait(base::use_task);
        } else {
            co_await feed_->wait_for_news(seen);
        }
    }
    co_return std::nullopt;
}

void ItemEvents::Stream::stop() noexcept {
    stopped_ = true;
    pause_.cancel();
    feed_->wake_streams();
}

Task<std::optional<PositionedEvent>> ItemEvents::Stream::look() {
    if (!place_) {
        const bool resumes =
            resume_after_ && co_await has_event_at(feed_->database(), *resume_after_);
        if (!resumes) {
            if (!feed_->end()) co_return std::nullopt;
            co_return PositionedEvent{*feed_->end(), ItemEvent()};
        }
        place_ = resume_after_;
    }
    if (!page_.empty()) co_return take_from_page();
    if (feed_->reaches_back_to(*place_)) {
        const auto* event = feed_->after(*place_);
        if (event == nullptr) co_return std::nullopt;
        co_return *event;
    }
    auto page = co_await read_events(feed_->database(), *place_, kPage);
    page_.assign(std::make_move_iterator(page.begin()), std::make_move_iterator(page.end()));
    if (page_.empty()) co_return std::nullopt;
    co_return take_from_page();
}

PositionedEvent ItemEvents::Stream::take_from_page() {
    auto event = std::move(page_.front());
    page_.pop_front();
    return event;
}

ItemEvents::ItemEvents(postgres::Pool& database, std::span<asio::io_context* const> contexts)
    : listening_context_(*contexts.front()),
      listener_(std::make_shared<postgres::Listener>(
          postgres::ListenerConfig{.url = database.config().url,
                                   .channels = {"item_events"},
                                   .application_name = "api-events"},
          listening_context_)),
      feeds_(std::make_shared<Feeds>(contexts, [&database](asio::io_context& context) {
          return std::make_shared<Feed>(database, context);
      })) {}

ItemEvents::~ItemEvents() = default;

void ItemEvents::start() {
    listener_->start();
    base::spawn(listening_context_, pass_on(listener_, feeds_));
}

void ItemEvents::stop() {
    listener_->stop();
    feeds_->for_each([](asio::io_context&, const std::shared_ptr<Feed>& feed) { feed->stop(); });
}

Task<> ItemEvents::pass_on(std::shared_ptr<postgres::Listener> listener,
                           std::shared_ptr<Feeds> feeds) {
    // A gap, after the connection was away, is as good a reason to look as a notification.
    while (co_await listener->next())
        feeds->for_each([](asio::io_context&, const auto& feed) { feed->wake(); });
}

std::unique_ptr<ItemEvents::Stream> ItemEvents::subscribe(std::optional<EventPosition> after) {
    return std::make_unique<Stream>(feeds_->here(), after);
}

}  // namespace app

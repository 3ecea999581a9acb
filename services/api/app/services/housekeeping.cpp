#include <chrono>
#include <exception>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <services/failure_log.hpp>
#include <services/housekeeping.hpp>
#include <services/idempotency.hpp>
#include <services/item_event_log.hpp>

#include <base/context.hpp>
#include <base/errors.hpp>

namespace app {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds kRound(2);
// So many rows are removed in a round at most: no round may take long.
constexpr std::int64_t kForgetAtOnce = 10'000;

}  // namespace

class Housekeeping::Task : public std::enable_shared_from_this<Task> {
public:
    Task(postgres::Pool& database, PostgresItemStatistics& statistics, asio::io_context& context)
        : database_(database), statistics_(statistics), context_(context), timer_(context) {}

    void start() {
        asio::co_spawn(context_, run(shared_from_this()), [](const std::exception_ptr& failure) {
            if (failure) std::rethrow_exception(failure);
        });
    }
    void stop() {
        asio::post(context_, [self = shared_from_this()] {
            self->stopped_ = true;
            self->timer_.cancel();
        });
    }

private:
    static base::Task<> run(std::shared_ptr<Task> self) {
        const base::TraceContext no_request;
        while (!self->stopped_) {
            self->timer_.expires_after(kRound);
            co_await self->timer_.async_wait(asio::as_tuple(asio::use_awaitable));
            if (self->stopped_) break;
            base::detail::current_context = no_request;
            try {
                co_await self->round();
                self->failures_.succeeded();
            } catch (const base::Unavailable&) {
                // The pool has logged it.
            } catch (const std::exception& error) {
                self->failures_.failed(error);
            }
        }
    }

    // On connections of their own, since what is long and shared holds everybody up.
    base::Task<> round() {
        co_await statistics_.fold();
        co_await database_.transaction([](postgres::Transaction& transaction) {
            return forget_old_events(transaction, kForgetAtOnce);
        });
        co_await database_.transaction([](postgres::Transaction& transaction) {
            return forget_expired_keys(transaction, kForgetAtOnce);
        });
    }

    postgres::Pool& database_;
    PostgresItemStatistics& statistics_;
    asio::io_context& context_;
    asio::steady_timer timer_;
    FailureLog failures_{"housekeeping failed"};
    bool stopped_ = false;
};

Housekeeping::Housekeeping(postgres::Pool& database, PostgresItemStatistics& statistics,
                           asio::io_context& context)
    : task_(std::make_shared<Task>(database, statistics, context)) {}

Housekeeping::~Housekeeping() = default;

void Housekeeping::start() {
    task_->start();
}

void Housekeeping::stop() {
    task_->stop();
}

}  // namespace app

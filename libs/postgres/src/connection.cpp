// The queue: accepting, sending, answering and expiring queries.
#include "connection.hpp"

#include <algorithm>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <postgres/errors.hpp>

#include "establish.hpp"

namespace asio = boost::asio;

namespace postgres {
namespace {

std::string sqlstate_of(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const QueryError& error) {
        return error.sqlstate();
    } catch (...) {
        return {};
    }
}

}  // namespace

Connection::Connection(asio::io_context& context, std::shared_ptr<const PoolConfig> config, Use use)
    : context_(context),
      config_(std::move(config)),
      use_(use),
      timer_(context),
      deadline_timer_(context) {}

Connection::~Connection() {
    release(socket_);
}

base::Task<Result> Connection::run(Statement statement, Params params) {
    const auto started_at = std::chrono::system_clock::now();
    const auto started = Clock::now();
    std::exception_ptr failure;
    Result result;
    try {
        std::tie(failure, result) = co_await submit(statement, std::move(params));
    } catch (...) {
        failure = std::current_exception();
    }
    if (config_->on_query) {
        const std::string sqlstate = failure ? sqlstate_of(failure) : std::string();
        config_->on_query({.statement = statement,
                           .started = started_at,
                           .duration = Clock::now() - started,
                           .ok = !failure,
                           .sqlstate = sqlstate});
    }
    if (failure) std::rethrow_exception(failure);
    co_return result;
}

base::Task<Connection::Answered> Connection::submit(Statement statement, Params params) {
    if (lent_) throw std::logic_error("a COPY on this connection has to be finished first");
    if (closing_) throw ConnectionLost("the connection is being closed", Outcome::kNotDone);
    if (away()) throw ConnectionLost("there is no connection to PostgreSQL", Outcome::kNotDone);
    if (queue_.size() >= config_->max_queue) {
        throw QueueFull(fmt::format("{} queries are waiting already", queue_.size()));
    }
    return asio::async_initiate<const base::UseTask, Signature>(
        [self = shared_from_this()](Handler handler, Statement text, Params values) {
            const std::uint64_t id = self->next_id_++;
            auto slot = asio::get_associated_cancellation_slot(handler);
            if (slot.is_connected()) {
                // Posted, since resuming the coroutine destroys the function assigned here.
                slot.assign([weak = self->weak_from_this(), id](asio::cancellation_type) {
                    const auto connection = weak.lock();
                    if (!connection) return;
                    asio::post(connection->context_, [connection, id] { connection->abandon(id); });
                });
            }
            Entry entry{.id = id,
                        .statement = text,
                        .params = std::move(values),
                        .deadline = Clock::now() + self->config_->query_timeout,
                        .waiter = std::move(handler)};
            self->enqueue(std::move(entry));
        },
        base::use_task, statement, std::move(params));
}

void Connection::enqueue(Entry entry) {
    queue_.push_back(std::move(entry));
    publish();
    watch_deadlines();
    schedule_send();
}

void Connection::schedule_send() {
    // While results are read, the reading loop sends at its end what the resumed coroutines asked.
    if (send_scheduled_ || reading_ || !connected()) return;
    send_scheduled_ = true;
    // Behind the handlers that are ready now: their queries join the same packet.
    asio::post(context_, [self = shared_from_this()] {
        self->send_scheduled_ = false;
        self->send_waiting();
    });
}

void Connection::send_waiting() {
    if (!connected() || sent_ == queue_.size()) return;
    {
        std::optional<Wire::Cork> cork;
        if (queue_.size() - sent_ > 1) cork.emplace(*wire_);
        while (sent_ < queue_.size() && sent_ < config_->max_in_flight && broken_.empty()) {
            Entry& entry = queue_[sent_];
            if (!entry.waiter) {
                entry.skipped = true;
                ++sent_;
                continue;
            }
            Wire::Sent sent;
            std::exception_ptr refused;
            try {
                sent = wire_->send(entry.statement, entry.params);
            } catch (...) {
                refused = std::current_exception();
            }
            if (refused) {
                // A name that is used for two texts concerns this query alone.
                entry.skipped = true;
                ++sent_;
                resume(entry.waiter, std::move(refused));
                continue;
            }
            if (sent.started) ++sent_;
            if (!sent.complete) {
                break_off(wire_->error());
                break;
            }
            if (sent_ == 1) last_progress_ = Clock::now();
            entry.answer.prepared = sent.prepared;
            entry.answer.preparing = sent.preparing;
            if (sent.prepared != nullptr) entry.answer.generation = sent.prepared->generation;
        }
    }
    drop_skipped();
    publish();
    flush();
}

void Connection::flush() {
    if (flush_waits_ || !connected() || !broken_.empty()) return;
    switch (wire_->flush()) {
        case Wire::Flush::kDone:
            return;
        case Wire::Flush::kFailed:
            return break_off(wire_->error());
        case Wire::Flush::kPending:
            break;
    }
    flush_waits_ = true;
    socket_->async_wait(asio::posix::stream_descriptor::wait_write,
                        [self = shared_from_this()](const boost::system::error_code& error) {
                            self->flush_waits_ = false;
                            if (!error) self->flush();
                        });
}

bool Connection::read() {
    const bool open = wire_->consume();
    reading_ = true;
    // libpq separates answers by one nullptr each; more of them mean that it expects no answer.
    int separators = 0;
    bool in_step = true;
    while (wire_->has_result() && sent_ > 0 && in_step) {
        PGresult* const result = wire_->next();
        if (result == nullptr) {
            in_step = ++separators < 4;
            continue;
        }
        separators = 0;
        Entry& front = queue_.front();
        // The name may be gone together with its caller.
        const std::string_view name = front.waiter ? front.statement.name : "abandoned statement";
        switch (front.answer.take(result, name)) {
            case Answer::Progress::kMore:
                break;
            case Answer::Progress::kDone:
                finish_front();
                break;
            case Answer::Progress::kBroken:
                in_step = false;
                break;
        }
    }
    reading_ = false;
    // At the end of a connection libpq gives up on all answers.
    if (open && !in_step) break_off("an answer matches no query; a COPY must not be a query");
    if (open && broken_.empty()) send_waiting();
    publish();
    return open;
}

void Connection::finish_front() {
    last_progress_ = Clock::now();
    Entry entry = std::move(queue_.front());
    queue_.pop_front();
    --sent_;
    drop_skipped();
    if (entry.answer.stale && !entry.resent && entry.waiter && use_ == Use::kShared) {
        // It failed before anything was executed.
        entry.resent = true;
        entry.answer = {};
        queue_.push_back(std::move(entry));
        return;
    }
    std::exception_ptr failure = std::move(entry.answer.failure);
    Result result = std::move(entry.answer.result);
    resume(entry.waiter, std::move(failure), std::move(result));
}

void Connection::resume(std::optional<Handler>& waiter, std::exception_ptr failure, Result result) {
    if (!waiter) return;
    Handler handler = std::move(*waiter);
    waiter.reset();
    std::move(handler)(std::move(failure), std::move(result));
}

void Connection::abandon(std::uint64_t id) {
    for (Entry& entry : queue_) {
        if (entry.id != id || !entry.waiter) continue;
        resume(entry.waiter, std::make_exception_ptr(
                                 boost::system::system_error(asio::error::operation_aborted)));
        return;
    }
}

void Connection::drop_skipped() {
    while (sent_ > 0 && queue_.front().skipped) {
        queue_.pop_front();
        --sent_;
    }
}

void Connection::watch_deadlines() {
    if (deadline_watched_ || queue_.empty()) return;
    // The oldest query that somebody waits for; without one, whether the server still answers.
    const auto oldest =
        std::ranges::find_if(queue_, [](const Entry& entry) { return entry.waiter.has_value(); });
    if (oldest == queue_.end() && !stall_is_a_failure()) return;
    deadline_timer_.expires_at(oldest != queue_.end() ? oldest->deadline
                                                      : last_progress_ + config_->query_timeout);
    deadline_watched_ = true;
    deadline_timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
        const auto self = weak.lock();
        if (!self) return;
        self->deadline_watched_ = false;
        if (!error) self->expire(Clock::now());
        self->watch_deadlines();
    });
}

void Connection::expire(Clock::time_point now) {
    // Coroutines that are resumed here may enqueue, behind `end`; a deque moves nothing for that.
    const std::size_t end = queue_.size();
    for (std::size_t i = 0; i < end; ++i) {
        Entry& entry = queue_[i];
        if (!entry.waiter) continue;
        if (entry.deadline > now) break;
        resume(entry.waiter,
               std::make_exception_ptr(QueryTimeout(
                   fmt::format("no answer within {} ms", config_->query_timeout.count()),
                   i < sent_ ? Outcome::kUnknown : Outcome::kNotDone)));
    }
    if (stall_is_a_failure() && now - last_progress_ >= config_->query_timeout) {
        break_off("PostgreSQL has stopped answering");
    }
}

bool Connection::stall_is_a_failure() const noexcept {
    // The server stops each statement well before query_timeout, so it is not merely slow.
    return connected() && sent_ > 0 && config_->statement_timeout.count() > 0;
}

void Connection::publish() noexcept {
    stats_.connected.store(connected(), std::memory_order_relaxed);
    stats_.in_flight.store(sent_, std::memory_order_relaxed);
    stats_.waiting.store(queue_.size() - sent_, std::memory_order_relaxed);
}

}  // namespace postgres

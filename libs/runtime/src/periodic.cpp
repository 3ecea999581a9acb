#include <exception>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <base/errors.hpp>
#include <base/spawn.hpp>
#include <base/use_task.hpp>
#include <runtime/failure_log.hpp>
#include <runtime/periodic.hpp>

namespace runtime {

namespace asio = boost::asio;

// Kept alive by its coroutine, which may outlast the Periodic.
class Periodic::Loop : public std::enable_shared_from_this<Loop> {
public:
    Loop(asio::io_context& context, const std::string& name, std::chrono::milliseconds period,
         Job job)
        : context_(context),
          timer_(context),
          period_(period),
          job_(std::move(job)),
          failures_(name + " failed") {}

    void start() { base::spawn(context_, run(shared_from_this())); }
    void stop() {
        asio::post(context_, [self = shared_from_this()] {
            self->stopped_ = true;
            self->timer_.cancel();
        });
    }

private:
    static base::Task<> run(std::shared_ptr<Loop> self) {
        while (!self->stopped_) {
            self->timer_.expires_after(self->period_);
            co_await self->timer_.async_wait(base::use_task);
            if (self->stopped_) break;
            try {
                co_await self->job_();
                self->failures_.succeeded();
            } catch (const base::Unavailable&) {
            } catch (const std::exception& error) {
                self->failures_.failed(error);
            }
        }
    }

    asio::io_context& context_;
    asio::steady_timer timer_;
    std::chrono::milliseconds period_;
    Job job_;
    FailureLog failures_;
    bool stopped_ = false;
};

Periodic::Periodic(asio::io_context& context, const std::string& name,
                   std::chrono::milliseconds period, Job job)
    : loop_(std::make_shared<Loop>(context, name, period, std::move(job))) {}

Periodic::~Periodic() = default;

void Periodic::start() {
    loop_->start();
}

void Periodic::stop() {
    loop_->stop();
}

}  // namespace runtime

// What has to be done now and then, in the background, whether or not anybody asks for anything.
#pragma once

#include <memory>

#include <services/postgres_item_statistics.hpp>

#include <postgres/pool.hpp>

namespace boost::asio {
class io_context;
}

namespace app {

/// Folds statistics every few seconds; forgets events and idempotency keys that are older than 24
/// hours. Every process of the API does it: the database sees to it that they share the work. A
/// failure is logged, and the next round tries again.
class Housekeeping {
public:
    /// All of them outlive it; `context` is one of the pool's.
    Housekeeping(postgres::Pool& database, PostgresItemStatistics& statistics,
                 boost::asio::io_context& context);
    ~Housekeeping();
    Housekeeping(const Housekeeping&) = delete;
    Housekeeping& operator=(const Housekeeping&) = delete;

    void start();
    /// From any thread. The context has to run on until what is under way has ended.
    void stop();

private:
    class Task;
    std::shared_ptr<Task> task_;
};

}  // namespace app

// Measures what the pool adds to libpq: one thread, one connection, DEPTH coroutines that look up
// one row after the other. benchmarks/libpq_pipeline does the same without the pool.
//
// usage: DATABASE_URL=... postgres_benchmark ROWS DEPTH SECONDS
// Needs the table of benchmarks/seed.sql. Prints the queries in a second, the CPU time of a query
// in this process, and how often `new` was called for it.
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <new>
#include <optional>
#include <random>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <postgres/pool.hpp>

namespace {

std::size_t allocations = 0;

struct Item {
    std::int64_t id = 0;
    std::string name;
    std::optional<std::string> description;
    std::string category;
    base::Decimal<2> price;
    std::int32_t quantity = 0;
    base::Timestamp created_at;
    base::Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Item, (),
                      (id, name, description, category, price, quantity, created_at, updated_at))

constexpr postgres::Statement kFind{
    "items.find",
    "select id, name, description, category, price, quantity, created_at, updated_at"
    " from items where id = $1"};

struct Run {
    postgres::Pool& pool;
    std::int64_t rows;
    std::chrono::steady_clock::time_point end;
    std::int64_t answered = 0;
};

base::Task<> look_up(Run& run) {
    std::minstd_rand random(std::random_device{}());
    std::uniform_int_distribution<std::int64_t> ids(1, run.rows);
    while (std::chrono::steady_clock::now() < run.end) {
        const Item item = co_await run.pool.query_one<Item>(kFind, ids(random));
        ++run.answered;
    }
}

}  // namespace

// Counted here, since what a query allocates is what it costs besides system calls.
void* operator new(std::size_t size) {
    ++allocations;
    if (void* const memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

int main(int argc, char** argv) {
    const char* const url = std::getenv("DATABASE_URL");
    if (argc != 4 || url == nullptr) {
        std::cerr << "usage: DATABASE_URL=... postgres_benchmark ROWS DEPTH SECONDS\n";
        return 64;
    }
    const std::int64_t rows = std::atoll(argv[1]);
    const int depth = std::atoi(argv[2]);
    const std::chrono::seconds duration(std::atoi(argv[3]));

    boost::asio::io_context context(1);
    boost::asio::io_context* const contexts[] = {&context};
    postgres::Pool pool({.url = url}, contexts);
    pool.start();
    boost::asio::co_spawn(context, pool.ready(std::chrono::seconds(10)), boost::asio::detached);
    context.run_for(std::chrono::milliseconds(500));

    Run run{.pool = pool, .rows = rows, .end = std::chrono::steady_clock::now() + duration};
    const std::clock_t cpu = std::clock();
    const std::size_t before = allocations;
    int running = depth;
    for (int i = 0; i < depth; ++i) {
        boost::asio::co_spawn(context, look_up(run), [&](std::exception_ptr failure) {
            if (failure) std::rethrow_exception(failure);
            if (--running == 0) pool.stop();
        });
    }
    context.restart();
    context.run();
    const auto queries = static_cast<double>(run.answered);
    std::cout << fmt::format(
        "{{\"per_second\": {:.0f}, \"cpu_us\": {:.2f}, \"allocations\": {:.1f}}}\n",
        queries / static_cast<double>(duration.count()),
        1e6 * static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC / queries,
        static_cast<double>(allocations - before) / queries);
    return 0;
}

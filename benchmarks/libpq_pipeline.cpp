// Measures PostgreSQL without a service: runs the API's statements over pipelined libpq
// connections, one for each thread. Like the API, it sends a sync point after each query.
//
// usage: DATABASE_URL=... libpq_pipeline item|list|create ROWS THREADS DEPTH SECONDS
// DEPTH is the number of queries in flight on a connection. Prints one JSON object; exits with 1 if
// a query fails or returns no row.
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <libpq-fe.h>
#include <memory>
#include <poll.h>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kCategories = 20;  // of benchmarks/seed.sql

struct Job {
    std::string_view query;
    std::int64_t rows;
    int depth;
    std::chrono::seconds duration;
};

const char* sql_of(std::string_view query) {
    if (query == "item") {
        return "select id, name, description, category, price, quantity, created_at, updated_at "
               "from items where id = $1";
    }
    if (query == "list") {
        return "select id, name, description, category, price, quantity, created_at, updated_at "
               "from items where category = $1 order by id asc limit 21";
    }
    if (query == "create") {
        return "insert into items (name, description, category, price, quantity) "
               "values ($1, 'Made by the benchmark', 'category-1', 19.99, 5) "
               "returning id, name, description, category, price, quantity, created_at, updated_at";
    }
    throw std::invalid_argument("the query is item, list or create");
}

class Driver {
public:
    explicit Driver(const Job& job)
        : job_(job), connection_(PQconnectdb(std::getenv("DATABASE_URL")), &PQfinish) {
        require(PQstatus(connection_.get()) == CONNECTION_OK);
        const std::unique_ptr<PGresult, decltype(&PQclear)> prepared(
            PQprepare(connection_.get(), "query", sql_of(job.query), 0, nullptr), &PQclear);
        require(PQresultStatus(prepared.get()) == PGRES_COMMAND_OK);
        require(PQsetnonblocking(connection_.get(), 1) == 0);
        require(PQenterPipelineMode(connection_.get()) == 1);
    }

    // Queries answered within the duration.
    std::int64_t run() {
        const auto end = Clock::now() + job_.duration;
        std::int64_t answered = 0;
        while (Clock::now() < end) {
            fill();
            wait();
            answered += drain();
        }
        return answered;
    }

private:
    void require(bool succeeded) const {
        if (!succeeded) throw std::runtime_error(PQerrorMessage(connection_.get()));
    }

    std::string argument() {
        if (job_.query == "item") return std::to_string(1 + random_() % as_unsigned(job_.rows));
        if (job_.query == "list") return fmt::format("category-{}", 1 + random_() % kCategories);
        return fmt::format("Benchmark {}", random_());
    }

    static std::uint64_t as_unsigned(std::int64_t number) {
        return static_cast<std::uint64_t>(number);
    }

    // libpq before 17 writes at each sync point. The cork joins these writes into one packet.
    void cork(int on) const {
        setsockopt(PQsocket(connection_.get()), IPPROTO_TCP, TCP_CORK, &on, sizeof on);
    }

    void fill() {
        cork(1);
        for (; unanswered_ < job_.depth; ++unanswered_) {
            const auto text = argument();
            const std::array<const char*, 1> values{text.c_str()};
            require(PQsendQueryPrepared(connection_.get(), "query", 1, values.data(), nullptr,
                                        nullptr, 0) == 1);
            require(PQpipelineSync(connection_.get()) == 1);
        }
        cork(0);
    }

    void wait() {
        const int pending = PQflush(connection_.get());
        require(pending >= 0);
        pollfd descriptor{.fd = PQsocket(connection_.get()),
                          .events = static_cast<short>(pending == 1 ? POLLIN | POLLOUT : POLLIN),
                          .revents = 0};
        require(poll(&descriptor, 1, 10'000) == 1);
        require(PQconsumeInput(connection_.get()) == 1);
    }

    int drain() {
        int answered = 0;
        while (unanswered_ > 0 && PQisBusy(connection_.get()) == 0) {
            const std::unique_ptr<PGresult, decltype(&PQclear)> result(
                PQgetResult(connection_.get()), &PQclear);
            if (result == nullptr) continue;  // between two results of the pipeline
            if (PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) {
                ++answered;
                --unanswered_;
            } else {
                require(PQresultStatus(result.get()) == PGRES_TUPLES_OK);
                if (PQntuples(result.get()) == 0) throw std::runtime_error("no row");
            }
        }
        return answered;
    }

    Job job_;
    std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
    std::mt19937_64 random_{std::random_device()()};
    int unanswered_ = 0;
};

void run(const Job& job, int threads) {
    std::vector<std::unique_ptr<Driver>> drivers;
    for (int i = 0; i < threads; ++i)
        drivers.push_back(std::make_unique<Driver>(job));

    std::atomic<std::int64_t> answered = 0;
    std::vector<std::exception_ptr> failures(drivers.size());
    const auto start = Clock::now();
    {
        std::vector<std::jthread> running;
        for (std::size_t i = 0; i < drivers.size(); ++i) {
            running.emplace_back([&, i] {
                try {
                    answered += drivers[i]->run();
                } catch (...) {
                    failures[i] = std::current_exception();
                }
            });
        }
    }
    const std::chrono::duration<double> took = Clock::now() - start;
    for (const auto& failure : failures)
        if (failure) std::rethrow_exception(failure);
    const auto total = static_cast<double>(answered.load());
    std::cout << fmt::format("{{\"queries\": {}, \"per_second\": {:.1f}}}\n", answered.load(),
                             total / took.count());
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 6 || std::getenv("DATABASE_URL") == nullptr) {
        std::cerr << "usage: DATABASE_URL=... libpq_pipeline item|list|create ROWS THREADS DEPTH "
                     "SECONDS\n";
        return 64;
    }
    const Job job{.query = argv[1],
                  .rows = std::stoll(argv[2]),
                  .depth = std::stoi(argv[4]),
                  .duration = std::chrono::seconds(std::stoi(argv[5]))};
    run(job, std::stoi(argv[3]));
    return 0;
} catch (const std::exception& error) {
    std::cerr << "libpq_pipeline: " << error.what() << '\n';
    return 1;
}

#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <database/query_metrics.hpp>

namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
namespace asio = boost::asio;

class QueryMetrics : public testing::Test {
protected:
    // Observes on as many threads at once as there are contexts.
    void observe(std::vector<std::string_view> statements, int times) {
        std::vector<std::jthread> threads;
        for (auto* context : contexts_) {
            asio::post(*context, [this, statements, times] {
                for (int i = 0; i < times; ++i) {
                    for (const auto statement : statements)
                        metrics_.observe(statement, 1ms);
                }
            });
            threads.emplace_back([context] {
                context->restart();
                context->run();
            });
        }
    }

    asio::io_context one_{1};
    asio::io_context two_{1};
    asio::io_context* const contexts_[2]{&one_, &two_};
    telemetry::Registry registry_;
    database::QueryMetrics metrics_{registry_, contexts_};
};

TEST_F(QueryMetrics, CountAStatementUnderItsName) {
    observe({"items.find"}, 1);
    EXPECT_THAT(registry_.render(),
                HasSubstr("db_query_duration_seconds_count{statement=\"items.find\"} 2\n"));
}

TEST_F(QueryMetrics, CountTheVariantsOfAListInOneSeries) {
    observe({"items.list", "items.list.-price.qc", "items.list.name"}, 1);
    const auto metrics = registry_.render();
    EXPECT_THAT(metrics,
                HasSubstr("db_query_duration_seconds_count{statement=\"items.list\"} 6\n"));
    EXPECT_THAT(metrics, Not(HasSubstr("items.list.")));
}

TEST_F(QueryMetrics, TellStatementsApartWhoseNamesShareMemory) {
    std::string name = "items.find";  // a key by its address would take the next for the same one
    std::vector<std::string_view> statements{name};
    observe(statements, 1);
    name.replace(6, 4, "save");
    observe(statements, 1);
    const auto metrics = registry_.render();
    EXPECT_THAT(metrics, HasSubstr("_count{statement=\"items.find\"} 2\n"));
    EXPECT_THAT(metrics, HasSubstr("_count{statement=\"items.save\"} 2\n"));
}

TEST_F(QueryMetrics, LoseNothingOnSeveralThreads) {
    observe({"items.find", "items.add", "items.list.name"}, 10'000);
    const auto metrics = registry_.render();
    for (const auto* series : {"items.find", "items.add", "items.list"}) {
        EXPECT_THAT(metrics,
                    HasSubstr(std::string("_count{statement=\"") + series + "\"} 20000\n"));
    }
}

}  // namespace

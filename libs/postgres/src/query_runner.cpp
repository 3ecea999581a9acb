#include <fmt/format.h>

#include <postgres/query_runner.hpp>

namespace postgres {

base::Task<std::int64_t> QueryRunner::count(Statement statement, Params params) {
    const Result result = co_await run(statement, std::move(params));
    co_return result.affected();
}

void QueryRunner::throw_row_count(Statement statement, std::size_t rows) {
    throw DecodeError(fmt::format("{}: expected one row, got {}", statement.name, rows));
}

}  // namespace postgres

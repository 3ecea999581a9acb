// The queries themselves, the same for a Pool and for a Transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <base/task.hpp>
#include <postgres/array.hpp>
#include <postgres/enum.hpp>
#include <postgres/params.hpp>
#include <postgres/row.hpp>
#include <postgres/statement.hpp>

namespace postgres {

/// Something that runs statements. Every call can throw QueryError (PostgreSQL refused),
/// a subclass of base::Unavailable (ConnectionLost, QueryTimeout, LockTimeout, QueueFull,
/// ServerOverloaded), and DecodeError (the result does not fit Row). Arguments are encoded before
/// the call returns.
class QueryRunner {
public:
    virtual ~QueryRunner() = default;

    /// Every row.
    template <RowType Row, Parameter... Args>
    [[nodiscard]] base::Task<std::vector<Row>> query(Statement statement, const Args&... args) {
        return all<Row>(statement, Params(args...));
    }
    /// Every row, for parameters that are put together at run time: see columns().
    template <RowType Row>
    [[nodiscard]] base::Task<std::vector<Row>> query(Statement statement, Params params) {
        return all<Row>(statement, std::move(params));
    }
    /// The row, or nullopt without one. Throws DecodeError for more than one.
    template <RowType Row, Parameter... Args>
    [[nodiscard]] base::Task<std::optional<Row>> query_optional(Statement statement,
                                                                const Args&... args) {
        return at_most_one<Row>(statement, Params(args...));
    }
    /// The one row that there has to be (`returning`, aggregates). Throws DecodeError otherwise.
    template <RowType Row, Parameter... Args>
    [[nodiscard]] base::Task<Row> query_one(Statement statement, const Args&... args) {
        return exactly_one<Row>(statement, Params(args...));
    }
    /// The number of rows that were affected.
    template <Parameter... Args>
    base::Task<std::int64_t> execute(Statement statement, const Args&... args) {
        return count(statement, Params(args...));
    }

    base::Task<std::int64_t> execute(Statement statement, Params params) {
        return count(statement, std::move(params));
    }

    /// The raw result, for what the typed calls do not cover.
    [[nodiscard]] virtual base::Task<Result> run(Statement statement, Params params) = 0;

protected:
    QueryRunner() = default;
    QueryRunner(const QueryRunner&) = default;
    QueryRunner(QueryRunner&&) = default;
    QueryRunner& operator=(const QueryRunner&) = default;
    QueryRunner& operator=(QueryRunner&&) = default;

private:
    template <class Row>
    base::Task<std::vector<Row>> all(Statement statement, Params params) {
        const Result result = co_await run(statement, std::move(params));
        co_return read_rows<Row>(result);
    }
    template <class Row>
    base::Task<std::optional<Row>> at_most_one(Statement statement, Params params) {
        const Result result = co_await run(statement, std::move(params));
        std::vector<Row> rows = read_rows<Row>(result);
        if (rows.size() > 1) throw_row_count(statement, rows.size());
        if (rows.empty()) co_return std::nullopt;
        co_return std::move(rows.front());
    }
    template <class Row>
    base::Task<Row> exactly_one(Statement statement, Params params) {
        const Result result = co_await run(statement, std::move(params));
        std::vector<Row> rows = read_rows<Row>(result);
        if (rows.size() != 1) throw_row_count(statement, rows.size());
        co_return std::move(rows.front());
    }
    base::Task<std::int64_t> count(Statement statement, Params params);
    [[noreturn]] static void throw_row_count(Statement statement, std::size_t rows);
};

}  // namespace postgres

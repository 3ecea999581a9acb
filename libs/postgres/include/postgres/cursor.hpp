// Results of any size, a batch at a time.
// https://www.postgresql.org/docs/16/sql-declare.html
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <base/task.hpp>
#include <postgres/row.hpp>
#include <postgres/statement.hpp>

namespace postgres {

class Transaction;

/// The rows of one statement; only one batch is in memory. The end of its transaction ends it; see
/// Transaction::stream.
template <RowType Row>
class Cursor {
public:
    /// The next rows, at most as many as a batch; none at the end. Throws like a query.
    [[nodiscard]] base::Task<std::vector<Row>> next() {
        const Result result = co_await fetch();
        co_return read_rows<Row>(result);
    }

private:
    friend class Transaction;
    Cursor(Transaction* transaction, std::string name, std::string sql)
        : transaction_(transaction), name_(std::move(name)), sql_(std::move(sql)) {}

    [[nodiscard]] base::Task<Result> fetch();

    Transaction* transaction_;
    std::string name_;  // of the statement that fetches
    std::string sql_;
};

}  // namespace postgres

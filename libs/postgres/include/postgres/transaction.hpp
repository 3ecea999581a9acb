// Several statements that take effect together or not at all.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include <postgres/cursor.hpp>
#include <postgres/query_runner.hpp>

namespace postgres {

/// https://www.postgresql.org/docs/16/transaction-iso.html
enum class Isolation { kReadCommitted, kRepeatableRead, kSerializable };

struct TransactionOptions {
    Isolation isolation = Isolation::kReadCommitted;
    bool read_only = false;
    /// How often the body may run: a serialization failure or a deadlock (QueryError::is_transient)
    /// rolls back and, after a short pause with jitter, runs it again. 1: never again.
    int max_attempts = 3;
};

/// An open transaction on a connection that nobody else uses. Pool::transaction creates it, commits
/// it and rolls it back; the body only queries. One statement at a time. After a QueryError the
/// transaction is aborted, and further statements fail with SQLSTATE 25P02. Destroying an
/// unfinished one closes its connection, and PostgreSQL rolls back.
class Transaction final : public QueryRunner {
public:
    class Lease;  // the exclusive connection; see src/exclusive.hpp
    explicit Transaction(std::unique_ptr<Lease> lease) noexcept;
    Transaction(Transaction&&) noexcept;
    Transaction& operator=(Transaction&&) noexcept;
    ~Transaction() override;

    [[nodiscard]] base::Task<Result> run(Statement statement, Params params) override;

    /// Begins a `select` of any size, read in batches of at most `batch` rows. Each batch is a
    /// round trip with its own statement_timeout. Only one stream at a time for each statement,
    /// which needs a name.
    ///
    ///     auto items = co_await tx.stream<Item>(kExport, 1000, category);
    ///     for (auto rows = co_await items.next(); !rows.empty(); rows = co_await items.next()) ...
    template <RowType Row, Parameter... Args>
    [[nodiscard]] base::Task<Cursor<Row>> stream(Statement statement, std::size_t batch,
                                                 const Args&... args) {
        return open_cursor<Row>(statement, batch, Params(args...));
    }

private:
    template <class Row>
    base::Task<Cursor<Row>> open_cursor(Statement statement, std::size_t batch, Params params) {
        const std::string fetch = co_await declare(statement, batch, std::move(params));
        // The batch is part of the text, so it is part of the name.
        co_return Cursor<Row>(this, std::string(statement.name) + ".fetch." + std::to_string(batch),
                              fetch);
    }
    // Returns the statement that fetches.
    [[nodiscard]] base::Task<std::string> declare(Statement statement, std::size_t batch,
                                                  Params params);

    friend class Pool;
    [[nodiscard]] base::Task<> begin(TransactionOptions options);
    [[nodiscard]] base::Task<> commit();
    // Never throws: after any failure it closes the connection, which rolls back too.
    [[nodiscard]] base::Task<> rollback();

    std::unique_ptr<Lease> lease_;
};

template <RowType Row>
base::Task<Result> Cursor<Row>::fetch() {
    return transaction_->run({name_, sql_}, Params());
}

}  // namespace postgres

// Several statements that take effect together or not at all.
#pragma once

#include <memory>

#include <postgres/copy.hpp>
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

    /// Begins a `copy ... from stdin`. Call CopyIn::finish() before the next statement: until then
    /// statements throw std::logic_error. A COPY that is given up closes the connection, and with
    /// it ends the transaction. It has PoolConfig::statement_timeout like any statement.
    ///
    ///     auto copy = co_await tx.copy_in({"items.load", "copy items (name, price) from stdin"});
    ///     co_await copy.write(std::span<const NewItem>(items));
    ///     const std::int64_t rows = co_await copy.finish();
    [[nodiscard]] base::Task<CopyIn> copy_in(Statement statement);

private:
    friend class Pool;
    [[nodiscard]] base::Task<> begin(TransactionOptions options);
    [[nodiscard]] base::Task<> commit();
    // Never throws: after any failure it closes the connection, which rolls back too.
    [[nodiscard]] base::Task<> rollback();

    std::unique_ptr<Lease> lease_;
};

}  // namespace postgres

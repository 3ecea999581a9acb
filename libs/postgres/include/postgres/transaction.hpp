// Several statements that take effect together or not at all.
#pragma once

#include <memory>

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

/// An open transaction on a connection that nobody else uses meanwhile. Pool::transaction makes
/// one, commits it and rolls it back; the body only queries. One statement at a time. After a
/// QueryError the transaction is aborted, and further statements fail with SQLSTATE 25P02.
/// Destroying an unfinished one closes its connection, upon which PostgreSQL rolls back.
class Transaction final : public QueryRunner {
public:
    class Lease;  // the exclusive connection; see src/exclusive.hpp
    explicit Transaction(std::unique_ptr<Lease> lease) noexcept;
    Transaction(Transaction&&) noexcept;
    Transaction& operator=(Transaction&&) noexcept;
    ~Transaction() override;

    [[nodiscard]] base::Task<Result> run(Statement statement, Params params) override;

private:
    friend class Pool;
    [[nodiscard]] base::Task<> begin(TransactionOptions options);
    [[nodiscard]] base::Task<> commit();
    // Never throws: whatever goes wrong, the connection is closed, which rolls back as well.
    [[nodiscard]] base::Task<> rollback();

    std::unique_ptr<Lease> lease_;
};

}  // namespace postgres

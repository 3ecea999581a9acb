#include <memory>

#include <postgres/errors.hpp>
#include <postgres/transaction.hpp>
#include <telemetry/log.hpp>

#include "copy_session.hpp"
#include "exclusive.hpp"

namespace postgres {
namespace {

Statement begin_statement(TransactionOptions options) {
    switch (options.isolation) {
        case Isolation::kReadCommitted:
            return options.read_only ? Statement{"begin_read_committed_read_only",
                                                 "begin isolation level read committed read only"}
                                     : Statement{"begin_read_committed",
                                                 "begin isolation level read committed read write"};
        case Isolation::kRepeatableRead:
            return options.read_only
                       ? Statement{"begin_repeatable_read_read_only",
                                   "begin isolation level repeatable read read only"}
                       : Statement{"begin_repeatable_read",
                                   "begin isolation level repeatable read read write"};
        case Isolation::kSerializable:
            break;
    }
    return options.read_only
               ? Statement{"begin_serializable_read_only",
                           "begin isolation level serializable read only"}
               : Statement{"begin_serializable", "begin isolation level serializable read write"};
}

constexpr Statement kCommit{"commit", "commit"};
constexpr Statement kRollback{"rollback", "rollback"};

}  // namespace

Transaction::Transaction(std::unique_ptr<Lease> lease) noexcept : lease_(std::move(lease)) {}
Transaction::Transaction(Transaction&&) noexcept = default;
Transaction& Transaction::operator=(Transaction&&) noexcept = default;
Transaction::~Transaction() = default;

base::Task<Result> Transaction::run(Statement statement, Params params) {
    // Whatever the outcome of the statement: without a commit it has no effect.
    try {
        co_return co_await lease_->connection().run(statement, std::move(params));
    } catch (const ConnectionLost& error) {
        throw ConnectionLost(error.what(), Outcome::kNotDone);
    } catch (const QueryTimeout& error) {
        throw QueryTimeout(error.what(), Outcome::kNotDone);
    }
}

base::Task<CopyIn> Transaction::copy_in(Statement statement) {
    auto session =
        std::make_shared<CopySession>(lease_->shared_connection(), std::string(statement.name));
    co_await session->begin(std::string(statement.sql), PGRES_COPY_IN);
    co_return CopyIn(std::move(session));
}

base::Task<> Transaction::begin(TransactionOptions options) {
    const Result begun = co_await run(begin_statement(options), Params());
}

base::Task<> Transaction::commit() {
    Result committed;
    try {
        committed = co_await lease_->connection().run(kCommit, Params());
    } catch (const QueryError& error) {
        // A deferred constraint or a serialization failure ends the transaction as well.
        lease_->clean = error.is_transient() || error.sqlstate().starts_with("23");
        throw;
    }
    lease_->clean = true;
    // PostgreSQL answers the commit of an aborted transaction with a rollback, not with an error.
    if (committed.command() != "COMMIT") {
        throw QueryError("commit: a statement had failed, so the transaction was rolled back",
                         "25P02");
    }
}

base::Task<> Transaction::rollback() {
    Connection& connection = lease_->connection();
    // Behind an answer that is still outstanding, the rollback would wait; closing does not. A COPY
    // that is given up ends in no other way.
    if (!connection.connected() || connection.load() > 0 || connection.lent()) co_return;
    try {
        const Result rolled_back = co_await run(kRollback, Params());
        lease_->clean = true;
    } catch (const std::exception& error) {
        telemetry::log::warn("rollback failed; the connection is closed instead",
                             {{"error", error.what()}});
    }
}

}  // namespace postgres

// The failures of a query. Messages are for the log: they may quote data, so clients never see
// them.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include <base/errors.hpp>

namespace postgres {

/// PostgreSQL refused or aborted one statement; the connection is well.
/// Codes: https://www.postgresql.org/docs/16/errcodes-appendix.html
class QueryError : public std::runtime_error {
public:
    QueryError(const std::string& message, std::string sqlstate, std::string constraint = {})
        : std::runtime_error(message),
          sqlstate_(std::move(sqlstate)),
          constraint_(std::move(constraint)) {}

    /// Five characters, such as "23505".
    [[nodiscard]] const std::string& sqlstate() const noexcept { return sqlstate_; }
    /// The violated constraint's name, or empty.
    [[nodiscard]] const std::string& constraint() const noexcept { return constraint_; }

    [[nodiscard]] bool is_foreign_key_violation() const noexcept { return sqlstate_ == "23503"; }
    [[nodiscard]] bool is_check_violation() const noexcept { return sqlstate_ == "23514"; }
    [[nodiscard]] bool is_undefined_table() const noexcept { return sqlstate_ == "42P01"; }
    [[nodiscard]] bool is_undefined_column() const noexcept { return sqlstate_ == "42703"; }
    /// A serialization failure or a deadlock: the same transaction may succeed when run again.
    [[nodiscard]] bool is_transient() const noexcept {
        return sqlstate_ == "40001" || sqlstate_ == "40P01";
    }

private:
    std::string sqlstate_;
    std::string constraint_;
};

/// A row with the same key is there already (SQLSTATE 23505).
class UniqueViolation : public QueryError, public base::Conflict {
    using QueryError::QueryError;
};

using base::Outcome;

/// There is no connection to PostgreSQL (kNotDone), or it broke while the query was in flight
/// (kUnknown).
class ConnectionLost : public base::Unavailable {
public:
    ConnectionLost(const std::string& message, Outcome outcome)
        : base::Unavailable(message, outcome) {}
};

/// The answer did not come within PoolConfig::query_timeout (kUnknown, if the query had been sent),
/// or the server stopped the statement at PoolConfig::statement_timeout (kNotDone).
class QueryTimeout : public base::Unavailable {
    using base::Unavailable::Unavailable;
};

/// PoolConfig::max_queue queries are waiting already: the query was not accepted.
class QueueFull : public base::Unavailable {
    using base::Unavailable::Unavailable;
};

/// The statement waited for a lock longer than PoolConfig::lock_timeout, or was told not to wait
/// (`nowait`), and did nothing (SQLSTATE 55P03).
class LockTimeout : public base::Unavailable {
    using base::Unavailable::Unavailable;
};

/// PostgreSQL has no memory, disk or connection slot left (SQLSTATE class 53).
class ServerOverloaded : public base::Unavailable {
    using base::Unavailable::Unavailable;
};

/// A result does not fit the C++ type that should hold it: a bug in the statement or the type.
class DecodeError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A parameter has no PostgreSQL form: text with a NUL character in it.
class EncodeError : public std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

}  // namespace postgres

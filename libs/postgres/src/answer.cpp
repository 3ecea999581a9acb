#include "answer.hpp"

#include <fmt/format.h>

#include <postgres/errors.hpp>

namespace postgres {
namespace {

std::string field(const PGresult* result, int code) {
    const char* text = PQresultErrorField(result, code);
    return text == nullptr ? std::string() : std::string(text);
}

// The exception that a server's error report becomes.
std::exception_ptr to_exception(const PGresult* result, std::string_view statement) {
    std::string sqlstate = field(result, PG_DIAG_SQLSTATE);
    const std::string severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    // Not the DETAIL line: it quotes values of the row.
    const std::string message =
        fmt::format("{}: {} {}: {}", statement.empty() ? "unnamed statement" : statement, severity,
                    sqlstate, field(result, PG_DIAG_MESSAGE_PRIMARY));
    // libpq's own errors come without an SQLSTATE: the connection broke.
    if (sqlstate.empty() || severity == "FATAL" || severity == "PANIC") {
        return std::make_exception_ptr(ConnectionLost(message, Outcome::kUnknown));
    }
    if (sqlstate == "57014") return std::make_exception_ptr(QueryTimeout(message));
    if (sqlstate == "55P03") return std::make_exception_ptr(LockTimeout(message));
    if (sqlstate.starts_with("53")) return std::make_exception_ptr(ServerOverloaded(message));
    std::string constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
    if (sqlstate == "23505") {
        return std::make_exception_ptr(
            UniqueViolation(message, std::move(sqlstate), std::move(constraint)));
    }
    return std::make_exception_ptr(QueryError(message, std::move(sqlstate), std::move(constraint)));
}

// "Cached plan must not change result type" (the table was altered), told by the function that
// raises it because 0A000 says only "not supported"; or the server has forgotten the statement.
bool means_stale(const PGresult* result) {
    const std::string sqlstate = field(result, PG_DIAG_SQLSTATE);
    return sqlstate == "26000" || (sqlstate == "0A000" && field(result, PG_DIAG_SOURCE_FUNCTION) ==
                                                              "RevalidateCachedQuery");
}

}  // namespace

Answer::Progress Answer::take(PGresult* raw, std::string_view statement) {
    Result owned(raw);
    switch (PQresultStatus(raw)) {
        case PGRES_PIPELINE_SYNC:
            return Progress::kDone;
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK:
        case PGRES_EMPTY_QUERY:
            if (preparing) {
                preparing = false;
                prepared->state = Prepared::State::kReady;
            } else {
                result = std::move(owned);
            }
            return Progress::kMore;
        case PGRES_PIPELINE_ABORTED:  // the messages after a failed Parse
            return Progress::kMore;
        case PGRES_FATAL_ERROR:
            if (failure) return Progress::kMore;
            failure = to_exception(raw, statement);
            if (preparing) {
                preparing = false;
                prepared->state = Prepared::State::kNew;
            } else if (prepared != nullptr && means_stale(raw)) {
                stale = true;
                // Of several answers in flight, the first renews for all.
                if (prepared->generation == generation) prepared->renew();
            }
            return Progress::kMore;
        default:  // COPY
            return Progress::kBroken;
    }
}

}  // namespace postgres

// The results of one statement, collected until its sync point.
#pragma once

#include <exception>
#include <libpq-fe.h>
#include <string_view>

#include <postgres/result.hpp>

#include "wire.hpp"

namespace postgres {

/// PostgreSQL commits at the sync point, after it has reported the statement as complete: an
/// answer counts only once that point has been reached, else a write could be acknowledged and
/// then fail (a deferred constraint) or be lost (a crash).
struct Answer {
    enum class Progress {
        kMore,    ///< go on
        kDone,    ///< the sync point: result or failure is final
        kBroken,  ///< something that cannot be part of a pipeline: close the connection
    };
    /// Takes the next result and owns it.
    [[nodiscard]] Progress take(PGresult* result, std::string_view statement);

    Prepared* prepared = nullptr;
    int generation = 0;          ///< of `prepared`, when it was sent
    bool preparing = false;      ///< the next result belongs to Parse
    bool stale = false;          ///< failed because the prepared statement was of no use any more
    Result result;               ///< meaningful without a failure
    std::exception_ptr failure;  ///< the first error
};

}  // namespace postgres

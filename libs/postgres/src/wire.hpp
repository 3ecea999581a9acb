// One libpq connection, usually in pipeline mode: sends and receives without waiting.
#pragma once

#include <cstddef>
#include <functional>
#include <libpq-fe.h>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include <postgres/params.hpp>
#include <postgres/statement.hpp>

#include "conninfo.hpp"

namespace postgres {

/// A PQnoticeProcessor: PostgreSQL's notices go to the log, at level debug.
void log_notice(void* unused, const char* message);

/// A statement on one connection.
struct Prepared {
    enum class State {
        kNew,        ///< the server does not know it
        kPreparing,  ///< Parse was sent and not confirmed
        kReady,
    };
    /// The server's copy is of no use any more: prepare under another name next time, since the
    /// old name stays taken.
    void renew();

    std::string sql;
    std::string server_name;
    State state = State::kNew;
    int generation = 0;
};

/// Nothing here blocks or throws for a failed connection: failed calls return false, and error()
/// says why. https://www.postgresql.org/docs/15/libpq-pipeline-mode.html
class Wire {
public:
    /// Begins to connect.
    explicit Wire(const Conninfo& conninfo);

    /// Goes on connecting. What it waits for next, or that it succeeded or failed.
    [[nodiscard]] PostgresPollingStatusType poll() { return PQconnectPoll(connection_.get()); }
    /// To be called once, when connected.
    [[nodiscard]] bool enter_pipeline();

    [[nodiscard]] int socket() const { return PQsocket(connection_.get()); }
    [[nodiscard]] std::string error() const;

    /// The result of send().
    struct Sent {
        bool started = false;          ///< something may have reached the server
        bool complete = false;         ///< everything was accepted, the sync point too
        bool preparing = false;        ///< the first result belongs to Parse
        Prepared* prepared = nullptr;  ///< nullptr for a statement without a name
    };
    /// Buffers one statement and its sync point. Throws std::logic_error when the statement's name
    /// belongs to another text.
    [[nodiscard]] Sent send(const Statement& statement, const Params& params);

    /// Keeps small packets back until it is destroyed, where the socket is TCP: libpq before 17
    /// writes at every sync point, and a burst of queries should be one segment.
    class Cork {
    public:
        explicit Cork(Wire& wire);
        ~Cork();
        Cork(const Cork&) = delete;
        Cork& operator=(const Cork&) = delete;

    private:
        int socket_ = -1;
    };

    /// The reverse of enter_pipeline(), when every answer has been taken.
    [[nodiscard]] bool leave_pipeline() { return PQexitPipelineMode(connection_.get()) == 1; }

    /// Outside pipeline mode: sends any number of statements without parameters. It blocks should
    /// the socket's buffer be full, so it is for short texts on a quiet connection.
    [[nodiscard]] bool send_simple(const std::string& sql) {
        return PQsendQuery(connection_.get(), sql.c_str()) == 1;
    }
    [[nodiscard]] bool stop_blocking() { return PQsetnonblocking(connection_.get(), 1) == 0; }
    /// Outside pipeline mode, within a COPY: PQputCopyData, PQputCopyEnd and PQgetCopyData.
    [[nodiscard]] int copy_data(std::string_view bytes) {
        return PQputCopyData(connection_.get(), bytes.data(), static_cast<int>(bytes.size()));
    }
    [[nodiscard]] int copy_end() { return PQputCopyEnd(connection_.get(), nullptr); }
    [[nodiscard]] int copied(char** row) { return PQgetCopyData(connection_.get(), row, 1); }
    /// "name" for use in SQL, quoted. Empty when it is not valid text.
    [[nodiscard]] std::string quoted_identifier(std::string_view name) const;
    /// A notification that has arrived, or nullptr.
    using Notify = std::unique_ptr<PGnotify, void (*)(void*)>;
    [[nodiscard]] Notify notification() {
        return Notify(PQnotifies(connection_.get()), &PQfreemem);
    }

    enum class Flush { kDone, kPending, kFailed };
    [[nodiscard]] Flush flush();
    /// Reads what has arrived. False when the connection is at its end; results that arrived
    /// before can still be taken.
    [[nodiscard]] bool consume();
    /// True if next() can be called; otherwise it would block.
    [[nodiscard]] bool has_result() { return PQisBusy(connection_.get()) == 0; }
    /// The next result, to be cleared by the caller; nullptr between two statements.
    [[nodiscard]] PGresult* next() { return PQgetResult(connection_.get()); }

private:
    struct Finish {
        void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
    };
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };

    Prepared& find(const Statement& statement);

    std::unique_ptr<PGconn, Finish> connection_;
    std::unordered_map<std::string, Prepared, Hash, std::equal_to<>> prepared_;
    std::vector<const char*> values_;  // of the query being sent; a member to reuse its memory
    bool tcp_ = false;
};

}  // namespace postgres

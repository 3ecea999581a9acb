// A PostgreSQL schema for one test.
#pragma once

#include <libpq-fe.h>
#include <memory>
#include <string>

namespace test_support {

/// A transaction of another session that has run a statement and stays open, with the locks that it
/// took, until it is released or destroyed.
class OpenTransaction {
public:
    /// Throws std::runtime_error with PostgreSQL's message.
    OpenTransaction(const std::string& url, const std::string& sql);

    /// Rolls it back. To be called once.
    void release();

private:
    std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
};

/// A new, empty schema in the PostgreSQL that TEST_DATABASE_URL names; it goes away with the
/// object, with all that is in it. Tests of other programs do not see it, and may run at the same
/// time. Throws std::runtime_error, which says what to do, when there is no such variable or
/// server.
class DatabaseSchema {
public:
    DatabaseSchema();
    ~DatabaseSchema();
    DatabaseSchema(const DatabaseSchema&) = delete;
    DatabaseSchema& operator=(const DatabaseSchema&) = delete;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    /// The address of the database, with the schema as what unqualified names stand for.
    [[nodiscard]] const std::string& url() const noexcept { return url_; }

    /// Runs SQL behind the back of the code under test; yields the first value of the last
    /// statement, or "". Throws std::runtime_error with PostgreSQL's message.
    std::string execute(const std::string& sql) const;

    [[nodiscard]] OpenTransaction hold(const std::string& sql) const { return {url_, sql}; }

private:
    std::string name_;
    std::string url_;
};

}  // namespace test_support

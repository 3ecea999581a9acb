#include "test_support/database_schema.hpp"

#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <unistd.h>

#include <fmt/format.h>

namespace test_support {
namespace {

std::string server_url() {
    const char* const url = std::getenv("TEST_DATABASE_URL");
    if (url == nullptr) {
        throw std::runtime_error(
            "these tests need a PostgreSQL: `make test` starts one, or set "
            "TEST_DATABASE_URL=postgresql://...");
    }
    return url;
}

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

Connection connect(const std::string& url) {
    Connection connection(PQconnectdb(url.c_str()), &PQfinish);
    if (PQstatus(connection.get()) != CONNECTION_OK)
        throw std::runtime_error(PQerrorMessage(connection.get()));
    PQsetNoticeProcessor(connection.get(), [](void*, const char*) {}, nullptr);
    return connection;
}

std::string run(const Connection& connection, const std::string& sql) {
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(
        PQexec(connection.get(), sql.c_str()), &PQclear);
    if (*PQresultErrorMessage(result.get()) != '\0')
        throw std::runtime_error(PQresultErrorMessage(result.get()));
    const bool has_value = PQntuples(result.get()) > 0 && PQnfields(result.get()) > 0;
    return has_value ? PQgetvalue(result.get(), 0, 0) : "";
}

}  // namespace

OpenTransaction::OpenTransaction(const std::string& url, const std::string& sql)
    : connection_(connect(url)) {
    run(connection_, "begin; " + sql);
}

void OpenTransaction::release() {
    run(connection_, "rollback");
}

DatabaseSchema::DatabaseSchema() {
    static std::atomic<int> schemas = 0;
    const auto server = server_url();
    name_ = fmt::format("test_{}_{}", getpid(), ++schemas);
    url_ = fmt::format("{}{}options=-csearch_path%3D{}", server, server.contains('?') ? '&' : '?',
                       name_);
    // A process that crashed may have left one of this name.
    execute(fmt::format("drop schema if exists {0} cascade; create schema {0}", name_));
}

DatabaseSchema::~DatabaseSchema() {
    try {
        execute(fmt::format("drop schema {} cascade", name_));
    } catch (const std::exception& error) {
        fmt::print(stderr, "{} remains: {}\n", name_, error.what());
    }
}

std::string DatabaseSchema::execute(const std::string& sql) const {
    return run(connect(url_), sql);
}

}  // namespace test_support

// The connection string, completed with what the library relies on.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct pg_conn;  // libpq's PGconn

namespace postgres {

/// The parameters of a connection, as libpq takes them.
class Conninfo {
public:
    /// Throws base::ConfigError when the string is neither a URI nor "key=value ...".
    Conninfo(const std::string& url, std::string_view application_name);

    /// A run-time setting for the session, such as ("statement_timeout", "5000").
    void set_option(std::string_view name, std::string_view value);
    /// How long a blocking connect() may take; start() leaves time to its caller.
    void set_connect_timeout(std::chrono::milliseconds timeout);

    /// Begins to connect without blocking (PQconnectStartParams), or connects (PQconnectdbParams).
    /// Never nullptr: throws std::bad_alloc.
    [[nodiscard]] pg_conn* start() const;
    [[nodiscard]] pg_conn* connect() const;

    /// The value of a keyword, or empty.
    [[nodiscard]] std::string_view value(std::string_view keyword) const;

private:
    void set(std::string_view keyword, std::string value);
    void set_default(std::string_view keyword, std::string value);

    std::vector<std::pair<std::string, std::string>> values_;
};

}  // namespace postgres

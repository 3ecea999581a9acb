// A named SQL text: what the service asks of the database, separate from how it is sent.
#pragma once

#include <algorithm>
#include <string_view>

namespace postgres {

/// One SQL statement with parameters $1, $2, ... Usually a constant:
///
///     constexpr postgres::Statement kFind{"items.find", "select ... from items where id = $1"};
///
/// The name is the server's name for the prepared statement and the label in metrics and errors;
/// each connection prepares it on first use, together with its first execution. Two different
/// texts with one name are a std::logic_error. Names come from a finite set, since a connection
/// keeps what it has prepared. A statement without a name is parsed anew each time.
///
/// Both views have to stay valid until the query has returned. Transactions are opened by
/// Pool::transaction only: a `begin` on a shared connection would swallow other requests' queries.
struct Statement {
    std::string_view name;
    std::string_view sql;

    /// Whether it begins with `select`. All others wait, for locks and for the disk, and so have
    /// connections apart from those that reads share.
    [[nodiscard]] constexpr bool reads() const noexcept;
};

constexpr bool Statement::reads() const noexcept {
    constexpr std::string_view kSelect = "select";
    const auto first = sql.substr(std::min(sql.find_first_not_of(" \t\r\n"), sql.size()));
    return first.size() >= kSelect.size() &&
           std::equal(kSelect.begin(), kSelect.end(), first.begin(),
                      [](char letter, char c) { return letter == c || letter - 'a' + 'A' == c; });
}

}  // namespace postgres

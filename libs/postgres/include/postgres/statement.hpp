// A named SQL text, separate from the way it is sent.
#pragma once

#include <algorithm>
#include <string_view>

namespace postgres {

/// One SQL statement with parameters $1, $2, ... Usually a constant:
///
///     constexpr postgres::Statement kFind{"items.find", "select ... from items where id = $1"};
///
/// The name is the server's name for the prepared statement and the label in metrics and errors;
/// each connection prepares it on first use, together with its first execution. Two different texts
/// with one name are a std::logic_error. Names must come from a finite set, because a connection
/// keeps its prepared statements. A statement without a name is parsed each time.
///
/// Both views must stay valid until the query has returned. Only Pool::transaction opens
/// transactions: a `begin` on a shared connection would include other requests' queries.
struct Statement {
    std::string_view name;
    std::string_view sql;

    /// True if it begins with `select`. Other statements may wait for locks and for the disk, so
    /// they have other connections than reads.
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

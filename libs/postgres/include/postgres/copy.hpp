// COPY: the fastest way for many rows into a table, and out of it.
// https://www.postgresql.org/docs/16/sql-copy.html
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <boost/describe.hpp>
#include <boost/mp11.hpp>

#include <base/described.hpp>
#include <base/task.hpp>
#include <postgres/params.hpp>
#include <postgres/row.hpp>

namespace postgres {

class CopySession;

namespace detail {

// Escapes what stands behind `start` for COPY's text format.
void escape_copied(std::string& out, std::size_t start);

template <class T>
void append_copied(const T& value, std::string& out) {
    const std::size_t start = out.size();
    Type<T>::encode(value, out);
    escape_copied(out, start);
}
template <class T>
void append_copied(const std::optional<T>& value, std::string& out) {
    if (value) {
        append_copied(*value, out);
    } else {
        out += "\\N";
    }
}

// Takes the next field off the front of a line; nullopt: NULL. `unescaped` is its memory, if it
// needs any.
[[nodiscard]] std::optional<std::string_view> take_copied(std::string_view& line,
                                                          std::string& unescaped);
[[noreturn]] void throw_bad_copy(std::string_view why);

template <class T>
[[nodiscard]] T read_copied_value(std::string_view& line, std::string& unescaped) {
    const auto text = take_copied(line, unescaped);
    if (text) return Type<typename ColumnType<T>::type>::decode(*text);
    if constexpr (ColumnType<T>::nullable) return std::nullopt;
    throw_bad_copy("a value is NULL, but its C++ type is not std::optional");
}

template <class Row, template <class...> class L, class... D>
[[nodiscard]] Row read_copied_row(std::string_view line, L<D...>) {
    const auto separators = static_cast<std::size_t>(std::ranges::count(line, '\t'));
    if (separators + 1 != sizeof...(D)) throw_bad_copy("it has another number of columns");
    std::string unescaped;
    // Braces: the fields are read in their order.
    std::tuple<base::MemberType<D, Row>...> values{
        read_copied_value<base::MemberType<D, Row>>(line, unescaped)...};
    return std::apply([](auto&... value) { return base::make_described<Row>(std::move(value)...); },
                      values);
}

}  // namespace detail

/// `COPY ... FROM STDIN` under way in a transaction: see Transaction::copy_in. At most some 64 KiB
/// wait to be sent; beyond, write() suspends until PostgreSQL keeps up. A failure is final, also
/// for the transaction. Throws like a query; QueryTimeout when PostgreSQL takes nothing for
/// PoolConfig::query_timeout.
class CopyIn {
public:
    explicit CopyIn(std::shared_ptr<CopySession> session) : session_(std::move(session)) {}

    /// Described structs, for the text format (the default): the statement lists the columns in the
    /// order of the members. `rows` stays valid until this returns.
    template <base::Described Row>
    [[nodiscard]] base::Task<> write(std::span<const Row> rows) {
        for (const Row& row : rows) {
            const char* separator = "";
            boost::mp11::mp_for_each<base::Members<Row>>([&](auto member) {
                buffer_ += std::exchange(separator, "\t");
                detail::append_copied(row.*member.pointer, buffer_);
            });
            buffer_ += '\n';
            if (buffer_.size() >= kBuffer) co_await flush();
        }
    }
    /// Ends the COPY. Returns the number of rows.
    [[nodiscard]] base::Task<std::int64_t> finish();

private:
    static constexpr std::size_t kBuffer = 65536;
    [[nodiscard]] base::Task<> flush();

    std::shared_ptr<CopySession> session_;
    std::string buffer_;
};

/// `COPY ... TO STDOUT` under way, on a connection of its own: for exports. Memory holds one chunk,
/// and at least a row; a reader that is slow slows PostgreSQL down. Throws like CopyIn.
class CopyOut {
public:
    explicit CopyOut(std::shared_ptr<CopySession> session) : session_(std::move(session)) {}

    /// Whole rows, together about 64 KiB or less; nullopt at the end. See read_copied().
    [[nodiscard]] base::Task<std::optional<std::string>> next();

private:
    std::shared_ptr<CopySession> session_;
};

/// Passes each row of a chunk of CopyOut to `use`, for the text format (the default): the statement
/// selects the columns in the order of the members. Throws DecodeError.
template <base::Described Row, class Use>
void read_copied(std::string_view chunk, Use use) {
    while (!chunk.empty()) {
        auto line = chunk.substr(0, chunk.find('\n'));
        chunk.remove_prefix(std::min(line.size() + 1, chunk.size()));
        use(detail::read_copied_row<Row>(line, base::Members<Row>()));
    }
}

}  // namespace postgres

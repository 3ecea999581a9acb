// COPY: the fastest way for many rows into a table, and out of it.
// https://www.postgresql.org/docs/16/sql-copy.html
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <boost/describe.hpp>
#include <boost/mp11.hpp>

#include <base/task.hpp>
#include <postgres/params.hpp>

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

}  // namespace detail

/// A running `COPY ... FROM STDIN`, on its own connection and in its own transaction: all rows or
/// none. At most about 64 KiB wait to be sent; beyond that, write() suspends until PostgreSQL has
/// read more. If the object is destroyed before finish() has returned, no row is stored. A failure
/// is final. Throws like a query; QueryTimeout if PostgreSQL reads nothing for
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
    /// Bytes in the statement's own format, such as an uploaded CSV file, cut anywhere.
    [[nodiscard]] base::Task<> write_raw(std::string_view bytes);
    /// Commits. Returns the number of rows.
    [[nodiscard]] base::Task<std::int64_t> finish();

private:
    static constexpr std::size_t kBuffer = 65536;
    [[nodiscard]] base::Task<> flush();

    std::shared_ptr<CopySession> session_;
    std::string buffer_;
};

/// A running `COPY ... TO STDOUT`, on its own connection: for exports, as the bytes that PostgreSQL
/// writes. For typed rows see Transaction::stream. One chunk, at least a row, is in memory; a slow
/// reader slows PostgreSQL down. Throws like CopyIn.
class CopyOut {
public:
    explicit CopyOut(std::shared_ptr<CopySession> session) : session_(std::move(session)) {}

    /// Whole rows, together about 64 KiB or less; nullopt at the end.
    [[nodiscard]] base::Task<std::optional<std::string>> next();

private:
    std::shared_ptr<CopySession> session_;
};

}  // namespace postgres

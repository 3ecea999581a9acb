#include <charconv>
#include <libpq-fe.h>

#include <postgres/result.hpp>

// libpq counts rows and columns with int; a null PGresult has none of either.
namespace postgres {

std::size_t Result::rows() const noexcept {
    return static_cast<std::size_t>(PQntuples(result_.get()));
}

std::size_t Result::columns() const noexcept {
    return static_cast<std::size_t>(PQnfields(result_.get()));
}

std::string_view Result::column_name(std::size_t column) const noexcept {
    const char* name = PQfname(result_.get(), static_cast<int>(column));
    return name == nullptr ? std::string_view() : name;
}

Oid Result::column_type(std::size_t column) const noexcept {
    return PQftype(result_.get(), static_cast<int>(column));
}

bool Result::is_null(std::size_t row, std::size_t column) const noexcept {
    return PQgetisnull(result_.get(), static_cast<int>(row), static_cast<int>(column)) != 0;
}

std::string_view Result::value(std::size_t row, std::size_t column) const noexcept {
    const int r = static_cast<int>(row);
    const int c = static_cast<int>(column);
    const char* text = PQgetvalue(result_.get(), r, c);
    if (text == nullptr) return {};
    return {text, static_cast<std::size_t>(PQgetlength(result_.get(), r, c))};
}

std::int64_t Result::affected() const noexcept {
    const std::string_view count = result_ ? PQcmdTuples(result_.get()) : "";
    std::int64_t rows = 0;
    std::from_chars(count.data(), count.data() + count.size(), rows);
    return rows;
}

std::string_view Result::command() const noexcept {
    return result_ ? PQcmdStatus(result_.get()) : std::string_view();
}

void Result::Clear::operator()(pg_result* result) const noexcept {
    PQclear(result);
}

}  // namespace postgres

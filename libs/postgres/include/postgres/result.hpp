// The result of one statement, as PostgreSQL sent it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include <postgres/type.hpp>

struct pg_result;  // libpq's PGresult

namespace postgres {

/// The columns and rows of one statement, or the count of a command. Typed code uses row.hpp
/// instead. Views stay valid as long as the Result lives.
class Result {
public:
    Result() noexcept = default;
    /// Takes ownership.
    explicit Result(pg_result* result) noexcept : result_(result) {}

    [[nodiscard]] std::size_t rows() const noexcept;
    [[nodiscard]] std::size_t columns() const noexcept;
    [[nodiscard]] std::string_view column_name(std::size_t column) const noexcept;
    [[nodiscard]] Oid column_type(std::size_t column) const noexcept;
    [[nodiscard]] bool is_null(std::size_t row, std::size_t column) const noexcept;
    /// The text of a value; empty for NULL.
    [[nodiscard]] std::string_view value(std::size_t row, std::size_t column) const noexcept;

    /// Rows that were inserted, updated, deleted or selected; 0 for other commands.
    [[nodiscard]] std::int64_t affected() const noexcept;
    /// The command tag, such as "INSERT 0 1" or "COMMIT".
    [[nodiscard]] std::string_view command() const noexcept;

private:
    struct Clear {
        void operator()(pg_result* result) const noexcept;
    };
    std::unique_ptr<pg_result, Clear> result_;
};

}  // namespace postgres

// CSV as described structs, checked by the rules of their members' types.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <csv/reader.hpp>

#include <base/described.hpp>
#include <schema/schema.hpp>

namespace csv {

struct RowLimits {
    std::size_t rows;          ///< a text with more is refused
    std::size_t record_bytes;  ///< see Reader
};

namespace detail {

struct Column {
    std::string_view name;
    bool optional;
};

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

template <base::Described T>
inline constexpr auto kColumns = [] {
    std::array<Column, base::kMemberNames<T>.size()> columns{};
    std::size_t next = 0;
    boost::mp11::mp_for_each<base::Members<T>>([&](auto member) {
        using Type = base::MemberType<decltype(member), T>;
        columns[next++] = {member.name, kIsOptional<Type>};
    });
    return columns;
}();

// The rows as schema::Values, for the codec of a struct.
class ValueReader {
public:
    ValueReader(const schema::Issues& file, RowLimits limits, std::span<const Column> columns,
                std::span<const std::string_view> ignored)
        : file_(file),
          limits_(limits),
          columns_(columns),
          ignored_(ignored),
          reader_(limits.record_bytes) {}

    void feed(std::string_view piece) { reader_.feed(piece); }
    void finish() {
        finished_ = true;
        reader_.finish();
    }
    // Valid until the next call.
    [[nodiscard]] const schema::Value* next();

    [[nodiscard]] std::size_t line() const noexcept { return line_; }
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    [[nodiscard]] bool ended() const noexcept { return ended_; }

private:
    // Returns whether rows can be read.
    [[nodiscard]] bool read_header(const Record& header);
    [[nodiscard]] bool fill(const Record& record);
    void fail_syntax(const SyntaxError& error);
    void fail_end();

    struct Target {
        std::size_t member;  // of row_
        bool optional;
    };

    schema::Issues file_;
    RowLimits limits_;
    std::span<const Column> columns_;
    std::span<const std::string_view> ignored_;
    Reader reader_;
    bool finished_ = false;
    bool has_header_ = false;
    bool ended_ = false;
    std::size_t line_ = 0;
    std::size_t rows_ = 0;
    std::vector<std::string> header_;
    std::vector<std::optional<Target>> targets_;  // for each column of the text; none: ignored
    schema::Value row_;
};

}  // namespace detail

/// Reads rows and collects what is wrong with them; each member of T is a column.
///
/// - The first record is the header: the names of the members in any order. A column that is
///   missing (and no std::optional), repeated or unknown is an issue of the header's line, and
///   then no row is read. Columns in `ignored` may be there and are not read.
/// - A cell is its member's text, for schema::Codec. For a std::optional an empty cell without
///   quotes is nullopt; `""` is the empty text.
/// - An apostrophe that neutralises a formula (see append_cell) is taken off.
/// - An issue's pointer is `file`, the line on which the row begins and the column:
///   "/file/17/price". Reading goes on behind a wrong row until schema::kMaxIssues are collected,
///   and ends where the text is no CSV, or has too many rows.
template <base::Described T>
class RowReader {
public:
    /// `file` and its parents outlive the reader.
    RowReader(const schema::Issues& file, RowLimits limits,
              std::span<const std::string_view> ignored = {})
        : file_(file), values_(file, limits, detail::kColumns<T>, ignored) {}

    /// As Reader::feed: next() has returned nullopt for the piece before.
    void feed(std::string_view piece) { values_.feed(piece); }
    /// There are no more pieces; a text without a row becomes an issue.
    void finish() { values_.finish(); }

    /// The next valid row; nullopt: it needs another piece, or has ended.
    [[nodiscard]] std::optional<T> next() {
        while (const auto* const value = values_.next()) {
            const auto line = file_.at(values_.line());
            if (auto row = schema::Codec<T>::decode(*value, line)) return row;
        }
        return std::nullopt;
    }

    /// Nothing more will come: pieces that are left need not be fed.
    [[nodiscard]] bool ended() const noexcept { return values_.ended(); }
    /// How many rows were read, wrong ones included.
    [[nodiscard]] std::size_t rows() const noexcept { return values_.rows(); }

private:
    schema::Issues file_;
    detail::ValueReader values_;
};

}  // namespace csv

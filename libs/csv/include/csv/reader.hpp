// CSV (RFC 4180) from a text that arrives in pieces.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace csv {

struct Cell {
    std::string_view text;
    bool quoted = false;
};

/// One record. The cells are valid until the reader's next call.
struct Record {
    std::size_t line = 0;  ///< where it begins, from 1; a quoted cell may hold line breaks
    std::span<const Cell> cells;
};

/// Why the rest of a text cannot be read.
struct SyntaxError {
    std::size_t line = 0;
    std::size_t cell = 0;  ///< within its record, from 1
    std::string code;      ///< stable, for programs: "unclosed_quote"
    std::string message;   ///< for people
};

/// Reads records of any shape; what cells mean is the caller's.
///
///     csv::Reader reader(64 * 1024);
///     for (const std::string_view piece : pieces) {
///         reader.feed(piece);
///         while (const auto record = reader.next()) use(record->cells);
///     }
///     reader.finish();
///     while (const auto record = reader.next()) use(record->cells);
///     if (reader.error()) ...
///
/// - A byte order mark at the start is skipped.
/// - The first "," or ";" outside quotes is the separator of the whole text.
/// - Lines end in LF or CRLF. Empty lines are skipped.
/// - A quote within an unquoted cell, text behind a closing quote, a CR without LF outside quotes,
///   and a NUL byte are errors: what follows could be read in two ways.
/// - Memory holds one record. Whether the text is valid UTF-8 is not checked.
class Reader {
public:
    /// A record of more than `max_record_bytes` bytes of cells and separators is an error.
    explicit Reader(std::size_t max_record_bytes) : max_record_bytes_(max_record_bytes) {}

    /// The next piece of the text, cut anywhere. It stays valid until next() has returned nullopt,
    /// which it has done for the piece before.
    void feed(std::string_view piece);
    /// There are no more pieces.
    void finish();

    /// The next record; nullopt: it needs another piece, or the text is at its end or broken.
    [[nodiscard]] std::optional<Record> next();

    [[nodiscard]] const std::optional<SyntaxError>& error() const noexcept { return error_; }

private:
    enum class State {
        kCellStart,
        kUnquoted,
        kQuoted,
        kQuote,  // a quote within a quoted cell: its end, or the first of two
        kCarriageReturn,
    };

    void skip_mark();
    // Takes in bytes of the current cell, up to what decides about it.
    void take_text();
    void check_length();
    // Returns whether a record is complete.
    [[nodiscard]] bool take(char c);
    [[nodiscard]] bool is_separator(char c);
    void end_cell();
    [[nodiscard]] bool end_line();
    [[nodiscard]] Record record();
    void fail(std::size_t line, std::string_view code, std::string message);

    struct Extent {
        std::size_t begin;
        std::size_t end;
        bool quoted;
    };

    std::size_t max_record_bytes_;
    std::string_view piece_;
    bool finished_ = false;
    std::size_t mark_ = 0;  // bytes of the byte order mark that have matched
    bool mark_done_ = false;
    char separator_ = '\0';  // not known yet
    State state_ = State::kCellStart;
    std::size_t line_ = 1;
    std::size_t quote_line_ = 0;   // where the quoted cell at hand begins
    std::size_t record_line_ = 1;  // where the record at hand begins
    bool quoted_ = false;
    std::size_t cell_begin_ = 0;
    std::string text_;  // of the record's cells
    std::vector<Extent> extents_;
    std::vector<Cell> cells_;
    std::optional<SyntaxError> error_;
};

}  // namespace csv

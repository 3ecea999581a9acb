#include <algorithm>
#include <array>

#include <csv/reader.hpp>
#include <fmt/format.h>

namespace csv {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";
// The bytes that end a run of plain text, outside and within quotes.
using ByteSet = std::array<bool, 256>;
constexpr ByteSet byte_set(std::string_view bytes) {
    ByteSet set{};
    for (const char c : bytes)
        set[static_cast<unsigned char>(c)] = true;
    return set;
}
constexpr ByteSet kEndsUnquoted = byte_set({",;\"\r\n\0", 6});
constexpr ByteSet kEndsQuoted = byte_set({"\"\n\0", 3});

}  // namespace

void Reader::feed(std::string_view piece) {
    piece_ = piece;
    if (!mark_done_) skip_mark();
}

void Reader::skip_mark() {
    while (!piece_.empty() && mark_ < kMark.size() && piece_.front() == kMark[mark_]) {
        ++mark_;
        piece_.remove_prefix(1);
    }
    if (mark_ == kMark.size()) {
        mark_done_ = true;
    } else if (!piece_.empty()) {
        // The start of another character looked like it.
        mark_done_ = true;
        text_ = kMark.substr(0, mark_);
        if (mark_ > 0) state_ = State::kUnquoted;
    }
}

void Reader::finish() {
    finished_ = true;
    if (!mark_done_ && mark_ > 0) {
        mark_done_ = true;
        text_ = kMark.substr(0, mark_);
        state_ = State::kUnquoted;
    }
}

std::optional<Record> Reader::next() {
    if (!cells_.empty()) {
        cells_.clear();
        extents_.clear();
        text_.clear();
        cell_begin_ = 0;
        record_line_ = line_;
    }
    while (!piece_.empty() && !error_) {
        take_text();
        if (piece_.empty() || error_) break;
        const char c = piece_.front();
        piece_.remove_prefix(1);
        if (take(c)) return record();
        check_length();
    }
    if (!finished_ || error_) return std::nullopt;
    if (state_ == State::kQuoted) {
        fail(quote_line_, "unclosed_quote", "must close the quote that begins here");
    } else if (state_ == State::kCarriageReturn) {
        fail(line_, "line_end", "must end its lines in LF or CRLF, not in a CR alone");
    } else if (end_line()) {
        return record();
    }
    return std::nullopt;
}

void Reader::take_text() {
    if (state_ != State::kUnquoted && state_ != State::kQuoted) return;
    const auto& ends = state_ == State::kUnquoted ? kEndsUnquoted : kEndsQuoted;
    // One byte more than allowed is enough to notice that it is too much.
    const auto text = piece_.substr(0, max_record_bytes_ + 1 - text_.size());
    const auto end =
        std::ranges::find_if(text, [&ends](char c) { return ends[static_cast<unsigned char>(c)]; });
    const auto size = static_cast<std::size_t>(end - text.begin());
    text_ += text.substr(0, size);
    piece_.remove_prefix(size);
    check_length();
}

void Reader::check_length() {
    if (text_.size() + extents_.size() <= max_record_bytes_) return;
    fail(record_line_, "record_too_long",
         fmt::format("must have records of at most {} bytes", max_record_bytes_));
}

bool Reader::take(char c) {
    if (c == '\0') {
        fail(line_, "nul", "must not hold a NUL byte; save the file as UTF-8");
        return false;
    }
    switch (state_) {
        case State::kCellStart:
            if (c == '"') {
                state_ = State::kQuoted;
                quoted_ = true;
                quote_line_ = line_;
                return false;
            }
            state_ = State::kUnquoted;
            [[fallthrough]];
        case State::kUnquoted:
            if (c == '"') {
                fail(line_, "quote", "must be in quotes to hold one, which is then doubled");
                return false;
            }
            break;
        case State::kQuoted:
            if (c == '"') {
                state_ = State::kQuote;
                return false;
            }
            if (c == '\n') ++line_;
            text_ += c;
            return false;
        case State::kQuote:
            if (c == '"') {
                text_ += c;
                state_ = State::kQuoted;
                return false;
            }
            if (c != '\r' && c != '\n' && !is_separator(c)) {
                fail(line_, "text_after_quote", "must end where its quote is closed");
                return false;
            }
            break;
        case State::kCarriageReturn:
            if (c != '\n') {
                fail(line_, "line_end", "must end its lines in LF or CRLF, not in a CR alone");
                return false;
            }
            break;
    }
    if (c == '\n') {
        const bool complete = end_line();
        ++line_;
        if (!complete) record_line_ = line_;
        return complete;
    }
    if (c == '\r') {
        state_ = State::kCarriageReturn;
    } else if (is_separator(c)) {
        end_cell();
    } else {
        text_ += c;
    }
    return false;
}

bool Reader::is_separator(char c) {
    if (separator_ == '\0' && (c == ',' || c == ';')) separator_ = c;
    return c == separator_;
}

void Reader::end_cell() {
    extents_.push_back({cell_begin_, text_.size(), quoted_});
    cell_begin_ = text_.size();
    quoted_ = false;
    state_ = State::kCellStart;
}

bool Reader::end_line() {
    const bool empty = extents_.empty() && text_.empty() && !quoted_;
    state_ = State::kCellStart;
    if (empty) return false;
    end_cell();
    return true;
}

Record Reader::record() {
    for (const auto& [begin, end, quoted] : extents_)
        cells_.push_back({std::string_view(text_).substr(begin, end - begin), quoted});
    return {record_line_, cells_};
}

void Reader::fail(std::size_t line, std::string_view code, std::string message) {
    if (error_) return;
    error_ = SyntaxError{line, extents_.size() + 1, std::string(code), std::move(message)};
}

}  // namespace csv

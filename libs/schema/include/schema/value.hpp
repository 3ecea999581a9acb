// JSON as it was written, for the decoders.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace schema {

struct Member;

/// A parsed JSON value (RFC 8259) that keeps what a typed decoder must see and an ordinary DOM
/// loses: numbers as their text (1.005 is not a binary float), members in order and repeated ones.
///
/// kText is not JSON: the source does not say the type of the value, such as a query parameter. A
/// number, a boolean or a string can be read from it. kBytes is not JSON either: the bytes belong
/// to something else, such as a file in a form.
struct Value {
    enum class Kind { kNull, kBool, kNumber, kString, kArray, kObject, kText, kBytes };

    Kind kind = Kind::kNull;
    bool boolean = false;
    std::string text;        ///< the characters of a string or text, the notation of a number
    std::string_view bytes;  ///< of kBytes
    std::vector<Value> items;
    std::vector<Member> members;

    [[nodiscard]] static Value from_text(std::string_view text);
};

struct Member {
    std::string name;
    Value value;
};

/// Where and why a text is not JSON or exceeds a limit of parse(). Line and column count from 1,
/// the column in bytes.
struct SyntaxError {
    std::size_t offset = 0;
    std::size_t line = 1;
    std::size_t column = 1;
    std::string message;
};

/// How many values a JSON text may hold, counting each array, object, item and member. It bounds
/// the memory, since a value takes about a hundred bytes even when its text is a single digit:
/// without it 1 MiB of JSON could take 80 MB.
inline constexpr std::size_t kMaxValues = 50'000;

/// Parses a whole JSON text. Refuses invalid UTF-8 and, as RFC 8259, section 9 permits, more than
/// 32 levels of nesting, more than kMaxValues values, and an exponent that does not fit into an
/// int; any other number is left to the decoders. The caller limits the size.
[[nodiscard]] std::variant<Value, SyntaxError> parse(std::string_view json);

}  // namespace schema

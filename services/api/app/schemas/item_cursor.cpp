#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>
#include <schemas/item_cursor.hpp>

#include <base/decimal.hpp>
#include <base/time.hpp>
#include <base/utf8.hpp>

namespace app {
namespace {

// RFC 4648, section 5 (URL-safe), without padding.
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// The longest name is 120 code points of up to 4 bytes.
constexpr std::size_t kMaxText = 1024;

std::string encode_base64(std::string_view bytes) {
    std::string text;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : bytes) {
        bits = (bits << 8U) | static_cast<unsigned char>(c);
        count += 8;
        while (count >= 6) {
            count -= 6;
            text += kAlphabet[(bits >> static_cast<unsigned>(count)) & 0x3FU];
        }
    }
    if (count > 0) text += kAlphabet[(bits << static_cast<unsigned>(6 - count)) & 0x3FU];
    return text;
}

std::optional<std::string> decode_base64(std::string_view text) {
    std::string bytes;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const auto digit = kAlphabet.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
        }
    }
    return bytes;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
    std::int64_t value = 0;
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    if (error != std::errc() || end != last) return std::nullopt;
    return value;
}

// The year in which PostgreSQL and RFC 3339 both begin to count.
constexpr base::Timestamp kEarliest{std::chrono::sys_days(std::chrono::year(1) / 1 / 1)};

// Whether the text is what a value of the column that the order goes by looks like, to the letter:
// a forged cursor must be the client's error, not the database's.
bool fits(ItemSort sort, std::string_view value) {
    auto column = sort.view();
    if (column.starts_with('-')) column.remove_prefix(1);
    if (column == "id") return value.empty();
    if (column == "name") {
        return base::utf8::length(value).has_value() && !base::utf8::has_control_characters(value);
    }
    if (column == "price") {
        const auto price = base::Decimal<2>::parse(value);
        return !price.error && price.value.units() >= 0 && price.value.to_string() == value;
    }
    if (column == "quantity") {
        const auto quantity = parse_integer(value);
        return quantity && *quantity >= 0 && *quantity <= INT32_MAX &&
               std::to_string(*quantity) == value;
    }
    const auto time = base::parse_rfc3339(value);
    return time && *time >= kEarliest && base::format_rfc3339(*time) == value;
}

}  // namespace

std::string ItemCursor::to_string() const {
    return encode_base64(fmt::format("{}|{}|{}", sort.view(), id, value));
}

std::optional<ItemCursor> ItemCursor::parse(const std::string& text) {
    if (text.size() > kMaxText) return std::nullopt;
    const auto decoded = decode_base64(text);
    if (!decoded) return std::nullopt;
    const auto first = decoded->find('|');
    const auto second = decoded->find('|', first + 1);
    if (first == std::string::npos || second == std::string::npos) return std::nullopt;
    const auto sort = ItemSort::parse(std::string_view(*decoded).substr(0, first));
    const auto id = parse_integer(std::string_view(*decoded).substr(first + 1, second - first - 1));
    auto value = decoded->substr(second + 1);
    if (!sort || !id || *id < 1 || !fits(*sort, value)) return std::nullopt;
    ItemCursor cursor{*sort, std::move(value), *id};
    // Base64 and numbers have spellings that mean the same; only ours is a cursor of ours.
    if (cursor.to_string() != text) return std::nullopt;
    return cursor;
}

}  // namespace app

std::optional<app::ItemCursor> schema::Codec<app::ItemCursor>::decode(const Value& value,
                                                                      const Context& context) {
    const auto text = Codec<std::string>::decode(value, context);
    if (!text) return std::nullopt;
    auto cursor = app::ItemCursor::parse(*text);
    if (!cursor) context.fail("cursor", "must be the next_cursor of another page");
    return cursor;
}

#include <base/time.hpp>

namespace base {
namespace {

// Reads exactly `digits` decimal digits from the front of text.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(0, digits)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, char expected) {
    if (!text.starts_with(expected)) return false;
    text.remove_prefix(1);
    return true;
}

// Either case, as RFC 3339 allows for "T" and "Z".
bool take_letter(std::string_view& text, char upper) {
    return take(text, upper) || take(text, static_cast<char>(upper - 'A' + 'a'));
}

std::optional<std::chrono::microseconds> take_fraction(std::string_view& text) {
    if (!take(text, '.')) return std::chrono::microseconds(0);
    int value = 0;
    int digits = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        if (++digits > 6) return std::nullopt;
        value = value * 10 + (text.front() - '0');
        text.remove_prefix(1);
    }
    if (digits == 0) return std::nullopt;
    for (; digits < 6; ++digits)
        value *= 10;
    return std::chrono::microseconds(value);
}

std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
    if (take_letter(text, 'Z')) return std::chrono::minutes(0);
    const bool west = text.starts_with('-');
    if (!take(text, '-') && !take(text, '+')) return std::nullopt;
    const auto hours = take_number(text, 2);
    if (!hours || *hours > 23 || !take(text, ':')) return std::nullopt;
    const auto minutes = take_number(text, 2);
    if (!minutes || *minutes > 59) return std::nullopt;
    const std::chrono::minutes offset(*hours * 60 + *minutes);
    return west ? -offset : offset;
}

// Writes exactly `digits` decimal digits at `at`.
void put_number(std::string& text, std::size_t at, std::size_t digits, std::int64_t value) {
    for (std::size_t i = at + digits; i-- > at; value /= 10)
        text[i] = static_cast<char>('0' + value % 10);
}

}  // namespace

bool has_rfc3339_form(Timestamp time) {
    const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
    return date.year() >= std::chrono::year(0) && date.year() <= std::chrono::year(9999);
}

std::string format_rfc3339(Timestamp time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    // Digit by digit, because every item has two of these: a tenth of the cost of a format string.
    std::string text("0000-00-00T00:00:00.000000Z");
    put_number(text, 0, 4, static_cast<int>(date.year()));
    put_number(text, 5, 2, static_cast<unsigned>(date.month()));
    put_number(text, 8, 2, static_cast<unsigned>(date.day()));
    put_number(text, 11, 2, clock.hours().count());
    put_number(text, 14, 2, clock.minutes().count());
    put_number(text, 17, 2, clock.seconds().count());
    put_number(text, 20, 6, clock.subseconds().count());
    return text;
}

std::optional<Timestamp> parse_rfc3339(std::string_view text) {
    const auto year = take_number(text, 4);
    if (!year || !take(text, '-')) return std::nullopt;
    const auto month = take_number(text, 2);
    if (!month || !take(text, '-')) return std::nullopt;
    const auto day = take_number(text, 2);
    if (!day || !take_letter(text, 'T')) return std::nullopt;
    const auto hour = take_number(text, 2);
    if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
    const auto minute = take_number(text, 2);
    if (!minute || *minute > 59 || !take(text, ':')) return std::nullopt;
    const auto second = take_number(text, 2);
    if (!second || *second > 60) return std::nullopt;
    const auto fraction = take_fraction(text);
    if (!fraction) return std::nullopt;
    const auto offset = take_offset(text);
    if (!offset || !text.empty()) return std::nullopt;

    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    const auto time = Timestamp(std::chrono::sys_days(date)) + std::chrono::hours(*hour) +
                      std::chrono::minutes(*minute) + std::chrono::seconds(*second) + *fraction -
                      *offset;
    // An offset may move the time out of the years that can be written.
    if (!has_rfc3339_form(time)) return std::nullopt;
    return time;
}

}  // namespace base

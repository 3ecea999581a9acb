#include <array>
#include <iterator>
#include <stdexcept>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/uuid/string_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <fmt/format.h>

#include <postgres/json.hpp>
#include <postgres/type.hpp>
#include <postgres/uuid.hpp>

namespace postgres {

void Type<std::string>::encode(std::string_view value, std::string& out) {
    if (value.find('\0') != std::string_view::npos) {
        // PostgreSQL has no such text, and libpq would send what stands before it.
        throw EncodeError("text with a NUL character");
    }
    out += value;
}

void Type<base::Timestamp>::encode(base::Timestamp value, std::string& out) {
    if (!base::has_rfc3339_form(value)) throw EncodeError("not a time in the years 0 to 9999");
    out += base::format_rfc3339(value);
}

base::Timestamp Type<base::Timestamp>::decode(std::string_view text) {
    // "2026-01-31 23:59:59.5+00": RFC 3339 except for the separator and the short offset, which is
    // always UTC (the session's TimeZone). Rewritten in place, because rows have many times and
    // each allocation costs.
    constexpr std::size_t kDateLength = 10;
    constexpr std::string_view kUtc = "+00";
    std::array<char, 32> rfc3339{};
    if (text.size() > kDateLength && text.size() < rfc3339.size() && text[kDateLength] == ' ' &&
        text.ends_with(kUtc)) {
        const std::size_t length = text.copy(rfc3339.data(), text.size() - kUtc.size());
        rfc3339[kDateLength] = 'T';
        rfc3339[length] = 'Z';
        if (const auto time = base::parse_rfc3339({rfc3339.data(), length + 1})) return *time;
    }
    throw DecodeError("not a time in the years 1 to 9999: " + std::string(text));
}

void Type<std::chrono::year_month_day>::encode(std::chrono::year_month_day value,
                                               std::string& out) {
    const int year = static_cast<int>(value.year());
    if (!value.ok() || year < 1 || year > 9999) {
        throw EncodeError("not a date in the years 1 to 9999");
    }
    fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}", year,
                   static_cast<unsigned>(value.month()), static_cast<unsigned>(value.day()));
}

std::chrono::year_month_day Type<std::chrono::year_month_day>::decode(std::string_view text) {
    constexpr std::size_t kLength = std::string_view("2026-01-31").size();
    if (text.size() == kLength) {
        const auto year = Type<std::int16_t>::decode(text.substr(0, 4));
        const auto month = Type<std::int16_t>::decode(text.substr(5, 2));
        const auto day = Type<std::int16_t>::decode(text.substr(8, 2));
        return std::chrono::year(year) / month / day;
    }
    throw DecodeError("not a date in the years 1 to 9999: " + std::string(text));
}

void Type<boost::json::value>::encode(const boost::json::value& value, std::string& out) {
    out += boost::json::serialize(value);
}

boost::json::value Type<boost::json::value>::decode(std::string_view text) {
    boost::system::error_code error;
    boost::json::value value = boost::json::parse(text, error);
    if (error) throw DecodeError("JSON that cannot be read: " + error.message());
    return value;
}

void Type<boost::uuids::uuid>::encode(const boost::uuids::uuid& value, std::string& out) {
    out += boost::uuids::to_string(value);
}

boost::uuids::uuid Type<boost::uuids::uuid>::decode(std::string_view text) {
    try {
        return boost::uuids::string_generator()(text.begin(), text.end());
    } catch (const std::runtime_error&) {
        throw DecodeError("not a UUID: " + std::string(text));
    }
}

}  // namespace postgres

#include <array>

#include <postgres/type.hpp>

namespace postgres {

void Type<std::string>::encode(std::string_view value, std::string& out) {
    if (value.find('\0') != std::string_view::npos) {
        // PostgreSQL has no such text, and libpq would send what stands before it.
        throw EncodeError("text with a NUL character");
    }
    out += value;
}

base::Timestamp Type<base::Timestamp>::decode(std::string_view text) {
    // "2026-01-31 23:59:59.5+00": RFC 3339 but for the separator and the short offset, which is
    // always that of UTC (the session's TimeZone).
    constexpr std::size_t kDateLength = 10;
    constexpr std::string_view kUtc = "+00";
    std::string rfc3339(text);
    if (rfc3339.size() > kDateLength && rfc3339[kDateLength] == ' ' && rfc3339.ends_with(kUtc)) {
        rfc3339[kDateLength] = 'T';
        rfc3339.replace(rfc3339.size() - kUtc.size(), kUtc.size(), "Z");
        if (const auto time = base::parse_rfc3339(rfc3339)) return *time;
    }
    throw DecodeError("not a time in the years 1 to 9999: " + rfc3339);
}

}  // namespace postgres

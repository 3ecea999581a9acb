// jsonb and json as a document of any shape.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include <postgres/type.hpp>

namespace postgres {

/// A JSON document. Numbers beyond 64 bits and long fractions become a double; read the column as
/// std::string where each digit counts, and write one the same way, as `$1::jsonb`. Nesting is
/// limited to 32 levels.
template <>
struct Type<boost::json::value> {
    static void encode(const boost::json::value& value, std::string& out);
    static boost::json::value decode(std::string_view text);
    static constexpr bool reads(Oid type) { return type == oid::kJson || type == oid::kJsonb; }
};

}  // namespace postgres

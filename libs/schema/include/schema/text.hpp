// Writing JSON text.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/value.hpp>

namespace schema {

/// Appends a JSON string with its quotes. Bytes that are not valid UTF-8 become U+FFFD, so the
/// output is valid JSON whatever the input is.
void append_json_string(std::string& out, std::string_view text);

/// Appends a document value (an OpenAPI description). Unlike Boost.JSON's serializer, which writes
/// 9.5 as 9.5E0, numbers take their shortest plain form; NaN and the infinities become null.
/// `indent` of 0: everything on one line.
void append_json(std::string& out, const boost::json::value& value, int indent = 0);

}  // namespace schema

#include "literals.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include <fmt/format.h>

namespace postgres {
namespace {

void append_literal(std::string& out, const char* value) {
    if (value == nullptr) {
        out += "null";
        return;
    }
    const std::string_view text(value);
    // In E'...' a backslash means the same whatever standard_conforming_strings says.
    if (text.contains('\\')) out += 'E';
    out += '\'';
    for (const char c : text) {
        if (c == '\'' || c == '\\') out += c;
        out += c;
    }
    out += '\'';
}

}  // namespace

std::string with_literals(std::string_view sql, const Params& params) {
    std::string out;
    while (!sql.empty()) {
        const auto size = std::min(sql.find_first_of("$'\""), sql.size());
        out += sql.substr(0, size);
        sql.remove_prefix(size);
        if (sql.empty()) break;
        if (sql.front() != '$') {
            // A literal or an identifier; a doubled quote in it begins another one.
            const auto end = std::min(sql.find(sql.front(), 1), sql.size() - 1);
            out += sql.substr(0, end + 1);
            sql.remove_prefix(end + 1);
            continue;
        }
        std::size_t number = 0;
        const char* const last = sql.data() + sql.size();
        const auto [end, error] = std::from_chars(sql.data() + 1, last, number);
        if (error != std::errc() || number == 0 || number > params.size()) {
            throw std::logic_error(fmt::format("there is no argument for {}", sql.substr(0, 8)));
        }
        append_literal(out, params.value(number - 1));
        sql.remove_prefix(static_cast<std::size_t>(end - sql.data()));
    }
    return out;
}

}  // namespace postgres

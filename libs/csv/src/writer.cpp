#include <algorithm>

#include <csv/writer.hpp>

namespace csv {
namespace {

bool is_formula(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of('\''), text.size()));
    return !text.empty() && std::string_view("=+-@\t\r\n").contains(text.front());
}

}  // namespace

void append_text(std::string& out, std::string_view text) {
    const bool quoted = text.empty() || text.find_first_of("\",;\r\n") != std::string_view::npos;
    if (quoted) out += '"';
    if (is_formula(text)) out += '\'';
    for (auto quote = text.find('"'); quote != std::string_view::npos; quote = text.find('"')) {
        out.append(text.substr(0, quote)).append("\"\"");
        text.remove_prefix(quote + 1);
    }
    out += text;
    if (quoted) out += '"';
}

std::string_view without_apostrophe(std::string_view cell) noexcept {
    return cell.starts_with('\'') && is_formula(cell) ? cell.substr(1) : cell;
}

}  // namespace csv
